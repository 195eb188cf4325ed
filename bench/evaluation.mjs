// How long this page takes to classify the 10,000 test images with the four networks that give the verdict.
import { cpus } from "node:os";

/** Seconds from the press of the button; other models are kept from loading. */
export async function evaluation(browser, base, networks) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(0);
  const wanted = new RegExp(`/models/(${networks.join("|")})(-drawings)?\\.`);
  await context.route((url) => url.pathname.includes("/models/") && !wanted.test(url.pathname), (route) => route.abort());
  await page.goto(`${base}/dist/`);
  await page.waitForFunction((networks) => networks.every((name) => document.querySelector(`[data-model=${name}]`)?.dataset.state === "ready"), networks);
  const images = 10_000;
  await page.selectOption("#evaluation-images", String(images));
  const begin = performance.now();
  await page.click("#evaluate");
  await page.waitForFunction((images) => document.getElementById("evaluation-result").dataset.done === String(images), images);
  const seconds = (performance.now() - begin) / 1000;
  await context.close();
  return { networks, images, seconds, cores: cpus().length };
}
