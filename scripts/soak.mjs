// Uses the page as visitors do, for so many minutes: node scripts/soak.mjs MINUTES (scripts/soak installs what it needs).
import { openBrowser } from "./browser.mjs";

const minutes = Number(process.argv[2]);
const megabyte = 1e6;
const shown = (bytes) => `${(bytes / megabyte).toFixed(1)} MB`;
const { browser, address, close } = await openBrowser();
const page = await browser.newPage();
const problems = [];
page.on("pageerror", (error) => problems.push(`the page: ${error.message}`));
page.on("console", (message) => message.type() === "error" && problems.push(`the console: ${message.text()}`));
const isReady = () => page.waitForFunction(() => document.body.dataset.state === "ready", { timeout: 60_000 });

let state = 1;
/** A whole number from 0 to below `below`, each equally likely; the same ones in every run. */
const random = (below) => {
  state = (state * 48_271) % 2_147_483_647;
  return state % below;
};

const dial = (id, value) => page.$eval(id, (dial, value) => {
  dial.value = value;
  for (const event of ["input", "change"]) dial.dispatchEvent(new Event(event, { bubbles: true }));
}, value);
const click = (selector) => page.$eval(selector, (button) => button.click());

async function stroke() {
  await page.$eval("#draw", (first) => first.scrollIntoView());
  const { x, y, width, height } = await (await page.$("#drawing")).boundingBox();
  const place = () => [x + width * (0.1 + random(80) / 100), y + height * (0.1 + random(80) / 100)];
  await page.mouse.move(...place());
  await page.mouse.down();
  for (let i = 0; i < 4; i++) await page.mouse.move(...place(), { steps: 6 });
  await page.mouse.up();
}

const actions = {
  stroke,
  undo: () => click("#undo"),
  clear: () => click("#clear"),
  sample: () => page.$$eval("#samples button", (samples, i) => samples[i % samples.length].click(), random(1000)),
  bits: () => dial("#squeeze-bits", 2 + random(8)),
  cut: () => dial("#squeeze-cut", random(91)),
  bothKinds: async () => {
    // Photographs and drawings have weights of their own, and a model holds one set at a time.
    await actions.sample();
    await isReady();
    await stroke();
  },
};

const worker = () => page.workers().find((worker) => worker.url().includes("worker"));
// Starting a program that runs returns what it exports.
const memory = async () => ({
  worker: await worker().evaluate(async () => (await wasm_bindgen()).memory.buffer.byteLength),
  scripts: (await page.metrics()).JSHeapUsedSize,
});

let done = 0;
const series = [];
try {
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(address, { waitUntil: "domcontentloaded" });
  await page.waitForFunction(() => document.body.dataset.state === "ready" && !document.querySelector("[data-model]:not([data-state=ready])"), { timeout: 60_000 });
  for (let minute = 1; minute <= minutes; minute++) {
    const end = Date.now() + 60_000;
    while (Date.now() < end) {
      const names = Object.keys(actions);
      await actions[random(3) ? "stroke" : names[random(names.length)]]();
      if (random(4) === 0) await isReady();
      done += 1;
    }
    await isReady();
    series.push(await memory());
    const { worker: program, scripts } = series.at(-1);
    console.log(`minute ${minute}: ${done} actions, the worker's memory ${shown(program)}, the page's scripts ${shown(scripts)}`);
  }
} catch (error) {
  problems.push(`after ${done} actions: ${error.message}`);
} finally {
  await close();
}
// In the first tenth of the time everything has been used once, so memory has its size.
const settled = series[Math.floor(series.length / 10)]?.worker;
const changed = series.slice(Math.floor(series.length / 10)).find(({ worker }) => worker !== settled);
// Less memory would be that of a worker that was started again.
if (changed) problems.push(`the worker's memory changed from ${shown(settled)} to ${shown(changed.worker)}`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
