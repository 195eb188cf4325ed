// From navigation to the first prediction of `lightweight`, cache empty: this page, and bare pages of two peers.
import { gzipSync } from "node:zlib";

const COLD_STARTS = 11;
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];

/** Milliseconds, and bytes as gzip sends them. */
async function coldStart(browser, address, done) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const files = [];
  page.on("requestfinished", (request) => files.push(request));
  await page.goto(address, { waitUntil: "commit" });
  const time = await (await page.waitForFunction(done, null, { polling: 1, timeout: 60_000 })).jsonValue();
  // Ours goes on to other networks: what was asked for after the weights of this one had arrived does not count.
  const arrived = () => files.find((request) => /lightweight\.(safetensors|onnx)$/.test(new URL(request.url()).pathname));
  // The browser may tell of a prediction before it tells that the request for the weights has ended.
  while (!arrived()) await new Promise((later) => setTimeout(later, 10));
  const weights = arrived().timing();
  const needed = files.filter((request) => request.timing().startTime < weights.startTime + weights.responseEnd);
  const bodies = await Promise.all(needed.map(async (request) => (await request.response()).body()));
  await context.close();
  return { time, bytes: bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0) };
}

/** Medians of time and bytes, by page. */
export async function coldStarts(browser, base) {
  const first = () => globalThis.firstPrediction;
  const ready = () => {
    const model = document.querySelector("[data-model=lightweight]");
    return model?.dataset.state === "ready" && performance.now();
  };
  const start = (path, done) => ({ address: `${base}/${path}`, done, measured: [] });
  const starts = {
    Threadcount: start("dist/", ready),
    "ONNX Runtime Web": start("bench/cold-ort.html", first),
    "TensorFlow.js": start("bench/cold-tfjs.html", first),
  };
  for (let i = 0; i < COLD_STARTS; i++) {
    for (const { address, done, measured } of Object.values(starts)) measured.push(await coldStart(browser, address, done));
  }
  const medians = (key) => Object.fromEntries(Object.entries(starts).map(([name, { measured }]) => [name, median(measured.map((m) => m[key]))]));
  return { cold_start_ms: medians("time"), cold_start_gzipped_bytes: medians("bytes") };
}
