// How long this page takes to classify the 10,000 test images with some networks.
import { cpus } from "node:os";

const ROUNDS = 3;
const IMAGES = 10_000;

/** Seconds from the press of the button; other models are kept from loading, and nothing is kept for visits offline. */
async function classify(browser, base, networks) {
  const context = await browser.newContext({ serviceWorkers: "block" });
  const page = await context.newPage();
  page.setDefaultTimeout(180_000);
  const wanted = new RegExp(`/models/(${networks.join("|")})(-drawings)?\\.`);
  await context.route((url) => url.pathname.includes("/models/") && !wanted.test(url.pathname), (route) => route.abort());
  await page.goto(`${base}/dist/`);
  await page.waitForFunction((networks) => networks.every((name) => document.querySelector(`[data-model=${name}]`)?.dataset.state === "ready"), networks);
  await page.selectOption("#evaluation-images", String(IMAGES));
  const begin = performance.now();
  await page.click("#evaluate");
  await page.waitForFunction((images) => document.getElementById("evaluation-result").dataset.done === String(images), IMAGES);
  const seconds = (performance.now() - begin) / 1000;
  await context.close();
  return seconds;
}

/** The median of a few rounds, each in a context of its own. */
export async function evaluation(browser, base, networks) {
  const seconds = [];
  for (let round = 0; round < ROUNDS; round++) seconds.push(await classify(browser, base, networks));
  seconds.sort((a, b) => a - b);
  return { networks, images: IMAGES, seconds: seconds[ROUNDS >> 1], rounds_s: seconds, cores: cpus().length };
}
