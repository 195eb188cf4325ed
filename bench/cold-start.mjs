// From navigation to the first prediction, cache empty: of `lightweight` on this page and on bare pages of two peers, of
// `stitch`, the first network that this page answers with, and of all networks of its first screen.
import { gzipSync } from "node:zlib";

const COLD_STARTS = 11;
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];

/** Milliseconds, and bytes as gzip sends them. */
async function coldStart(browser, { address, network, done }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const files = [];
  page.on("requestfinished", (request) => files.push(request));
  await page.goto(address, { waitUntil: "commit" });
  const time = await (await page.waitForFunction(done, network, { polling: 1, timeout: 60_000 })).jsonValue();
  // Ours goes on to other networks: what was asked for after the weights of this one had arrived does not count. A network
  // of ours has two files of weights, of which those for drawings come last.
  const arrived = () => files.findLast((request) => new RegExp(`/${network}(-drawings)?\\.(safetensors|onnx|thrd)$`).test(new URL(request.url()).pathname));
  // The browser may tell of a prediction before it tells that the request for the weights has ended.
  while (!arrived()) await new Promise((later) => setTimeout(later, 10));
  const weights = arrived().timing();
  const needed = files.filter((request) => request.timing().startTime < weights.startTime + weights.responseEnd);
  const bodies = await Promise.all(needed.map(async (request) => (await request.response()).body()));
  await context.close();
  return { time, bytes: bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0) };
}

/** Medians of time and bytes, by page; `networks` are those of the first screen, the largest first, which comes last. */
export async function coldStarts(browser, base, networks) {
  const first = () => globalThis.firstPrediction;
  const ready = (network) => {
    const model = document.querySelector(`[data-model=${network}]`);
    return model?.dataset.state === "ready" && performance.now();
  };
  const all = () => {
    const models = [...document.querySelectorAll("#book [data-model]:not([hidden])")];
    return models.length > 0 && models.every((model) => model.dataset.state === "ready") && performance.now();
  };
  const start = (path, done, network = "lightweight") => ({ address: `${base}/${path}`, network, done, measured: [] });
  const starts = {
    Threadcount: start("dist/", ready),
    "Threadcount, its first network (`stitch`)": start("dist/", ready, "stitch"),
    "Threadcount, all networks of its first screen": start("dist/", all, networks[0]),
    "ONNX Runtime Web": start("bench/cold-ort.html", first),
    "TensorFlow.js": start("bench/cold-tfjs.html", first),
  };
  for (let i = 0; i < COLD_STARTS; i++) {
    for (const start of Object.values(starts)) start.measured.push(await coldStart(browser, start));
  }
  const medians = (key) => Object.fromEntries(Object.entries(starts).map(([name, { measured }]) => [name, median(measured.map((m) => m[key]))]));
  return { cold_start_ms: medians("time"), cold_start_gzipped_bytes: medians("bytes") };
}
