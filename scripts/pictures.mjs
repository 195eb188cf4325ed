// Takes the pictures of scripts/pictures, which installs what this needs: node scripts/pictures.mjs
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBrowser, root } from "./browser.mjs";

const files = ["www/share.png", "results/squeeze.webp"];
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Say which files these are, and of which weights of the networks that are named. */
function writeSums(networks) {
  const sum = (file) => createHash("sha256").update(readFileSync(join(root, file))).digest("hex");
  // For photographs and for drawings; those without weights of their own for drawings have the same twice.
  const sumsOf = ({ weights, drawings }) => [weights, (drawings ?? { weights }).weights].map(({ sha256 }) => sha256);
  const card = (name) => JSON.parse(readFileSync(join(root, `models/${name}.json`), "utf8"));
  const weights = Object.fromEntries(networks.map((name) => [name, sumsOf(card(name))]));
  const sums = { files: Object.fromEntries(files.map((file) => [file, sum(file)])), weights };
  writeFileSync(join(root, "results/pictures.json"), `${JSON.stringify(sums, null, 2)}\n`);
}

async function takePictures(temporary) {
  const { browser, address, close } = await openBrowser();
  try {
    const page = await browser.newPage();
    const open = async (width, height, still) => {
      await page.setViewport({ width, height });
      await page.emulateMediaFeatures([
        { name: "prefers-color-scheme", value: "light" },
        { name: "prefers-reduced-motion", value: still ? "reduce" : "no-preference" },
      ]);
      await page.goto(address, { waitUntil: "domcontentloaded" });
    };
    // Times are of the full measurement, which has at least 200 runs: the first few are of programs that are not optimized yet.
    const settled = () => page.waitForFunction(() => document.body.dataset.state === "ready"
      && document.querySelector("[data-model=pocket]").dataset.squeezedAccuracy
      && !document.querySelector("[data-model]:not([data-state=ready])")
      && [...document.querySelectorAll("#book [data-model]")].every((swatch) => Number(swatch.dataset.latencyRuns) >= 200), { timeout: 60_000 });
    await open(1280, 800, true);
    await settled();

    const networks = await page.$$eval("#book [data-model]", (swatches) => swatches.map((swatch) => swatch.dataset.model));
    const session = await browser.target().createCDPSession();
    await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: temporary, eventsEnabled: true });
    const saved = new Promise((resolve) => session.on("Browser.downloadProgress", ({ state }) => state === "completed" && resolve()));
    await page.click("#save-picture");
    await saved;
    copyFileSync(join(temporary, "threadcount.png"), join(root, "www/share.png"));

    const frames = await capture(page, temporary, () => open(1000, 640, false), settled);
    execFileSync("img2webp", ["-loop", "0", "-lossy", "-q", "60", "-m", "6", "-d", "120", ...frames, "-o", join(root, "results/squeeze.webp")]);
    writeSums(networks);
  } finally {
    await close();
  }
}

/** Frames of the page as our hand draws and the network is squeezed, bit by bit, until it fails; returns their files. */
async function capture(page, folder, open, settled) {
  const frames = [];
  const shot = async (times = 1) => {
    const file = join(folder, `${frames.length}.png`);
    await page.screenshot({ path: file });
    for (let i = 0; i < times; i++) frames.push(file);
  };
  await open();
  for (let i = 0; i < 14; i++) {
    await shot();
    await later(60);
  }
  await settled();
  await page.$eval("#draw", (first) => first.scrollIntoView());
  await shot(8);
  for (const bits of [8, 6, 5, 4, 3, 2]) {
    await page.$eval("#squeeze-bits", (dial, bits) => {
      dial.value = bits;
      for (const event of ["input", "change"]) dial.dispatchEvent(new Event(event, { bubbles: true }));
    }, bits);
    await page.waitForFunction((bits) => {
      const { bits: shown, squeezedAccuracy } = document.querySelector("[data-model=pocket]").dataset;
      return shown === String(bits) && squeezedAccuracy && document.body.dataset.state === "ready";
    }, { timeout: 60_000 }, bits);
    await shot(8);
  }
  await shot(8);
  return frames;
}

const temporary = mkdtempSync(join(tmpdir(), "threadcount-pictures-"));
try {
  await takePictures(temporary);
} finally {
  rmSync(temporary, { recursive: true });
}
