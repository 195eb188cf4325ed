// The built page in headless Chromium, for scripts that work with it: openBrowser(), then close().
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { serve } from "./static-server.mjs";

export const root = new URL("..", import.meta.url).pathname;
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** Serve dist/ and start the browser that `scripts/install browser page` installs. */
export async function openBrowser() {
  const puppeteer = createRequire(join(root, "target/tools/package.json"))("puppeteer-core");
  const server = serve(join(root, "dist")).listen(0, "127.0.0.1");
  await new Promise((listening) => server.on("listening", listening));
  const browser = await puppeteer.launch({
    executablePath: places.find((path) => existsSync(path)),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"],
  });
  const close = async () => {
    await browser.close();
    server.close();
  };
  return { browser, address: `http://127.0.0.1:${server.address().port}/`, close };
}
