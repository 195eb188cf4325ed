// Serves the benchmark to a headless Chromium and writes what it found:
// node bench/run.mjs RESULT.json RUNS NETWORK...
import { spawn, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { gunzipSync, gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const [target, runs, ...NETWORKS] = process.argv.slice(2);
if (NETWORKS.length === 0) throw new Error("usage: node bench/run.mjs RESULT.json RUNS NETWORK...");
const [PORT, WARM_UP, COLD_STARTS, TEST_IMAGE] = [8123, 20, 11, 0];
const PEERS = ["ONNX Runtime Web", "TensorFlow.js"];
const ENGINE = "engine, relaxed SIMD";
const INTEGERS = "engine, relaxed SIMD, integers";
const root = new URL("..", import.meta.url).pathname;
const images = gunzipSync(readFileSync(`${root}/www/data/t10k-images-idx3-ubyte.gz`));
const pixels = [...images.subarray(16 + 784 * TEST_IMAGE, 16 + 784 * (TEST_IMAGE + 1))];
// `threadcount readme --check` compares these sums with those of the released weights.
const sums = () => Object.fromEntries(NETWORKS.map((name) => {
  const weights = readFileSync(`${root}/models/${name}.safetensors`);
  return [name, createHash("sha256").update(weights).digest("hex")];
}));
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];

const server = spawn("node", [`${root}/scripts/static-server.mjs`, root, PORT, "--isolated"], { stdio: "inherit" });
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
const base = `http://localhost:${PORT}`;

/** From navigation to the first prediction of `lightweight`, cache empty: milliseconds, and bytes as gzip sends them. */
async function coldStart(path, done) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const files = [];
  page.on("requestfinished", (request) => files.push(request));
  for (let attempt = 0; ; attempt++) {
    try { await page.goto(`${base}/${path}`, { waitUntil: "commit" }); break; } catch (e) { if (attempt > 20) throw e; }
  }
  const time = await (await page.waitForFunction(done, null, { polling: 1, timeout: 60_000 })).jsonValue();
  // Ours goes on to other networks: what was asked for after the weights of this one had arrived does not count.
  const arrived = () => files.find((request) => /lightweight\.(safetensors|onnx)$/.test(request.url()));
  // The browser may tell of a prediction before it tells that the request for the weights has ended.
  while (!arrived()) await new Promise((later) => setTimeout(later, 10));
  const weights = arrived().timing();
  const needed = files.filter((request) => request.timing().startTime < weights.startTime + weights.responseEnd);
  const bodies = await Promise.all(needed.map(async (request) => (await request.response()).body()));
  await context.close();
  return { time, bytes: bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0) };
}

const before = sums();

try {
  const page = await browser.newPage();
  page.on("console", (message) => message.type() === "error" ? console.error(message.text()) : console.log(message.text()));
  page.on("pageerror", (error) => console.error(error));
  page.on("response", (response) => response.ok() || console.error(`${response.status()} ${response.url()}`));
  page.setDefaultTimeout(0);
  for (let attempt = 0; attempt < 20; attempt++) {
    try { await page.goto(`${base}/bench/`); break; } catch { await new Promise((later) => setTimeout(later, 200)); }
  }
  await page.waitForFunction(() => document.title === "ready");
  const result = await page.evaluate((options) => globalThis.bench(options), { count: Number(runs), warmUp: WARM_UP, names: NETWORKS, pixels });
  await page.close();

  const first = () => globalThis.firstPrediction;
  const ready = () => {
    const model = document.querySelector("[data-model=lightweight]");
    return model?.dataset.state === "ready" && performance.now();
  };
  const start = (path, done) => ({ path, done, measured: [] });
  const starts = { Threadcount: start("dist/", ready), "ONNX Runtime Web": start("bench/cold-ort.html", first), "TensorFlow.js": start("bench/cold-tfjs.html", first) };
  for (let i = 0; i < COLD_STARTS; i++) {
    for (const { path, done, measured } of Object.values(starts)) measured.push(await coldStart(path, done));
  }
  const medians = (key) => Object.fromEntries(Object.entries(starts).map(([name, { measured }]) => [name, median(measured.map((m) => m[key]))]));
  result.cold_start_ms = medians("time");
  result.cold_start_gzipped_bytes = medians("bytes");
  const bestStart = Math.min(...PEERS.map((peer) => result.cold_start_ms[peer]));
  result.cold_start_ratio = result.cold_start_ms.Threadcount / bestStart;
  // The page computes pointwise layers in integers; the second ratio is that of single precision, as the peers have it.
  const ratios = (ours) => Object.fromEntries(NETWORKS.map((name) => {
    const cells = result.networks[name].cells;
    return [name, ours(cells).median_ms / Math.min(...PEERS.map((peer) => cells[peer].median_ms))];
  }));
  const shipped = (cells) => cells[INTEGERS] ?? cells[ENGINE];
  result.ratio_to_best_peer = ratios(shipped);
  result.ratio_to_best_peer_in_floats = ratios((cells) => cells[ENGINE]);
  result.weights = before;
  if (JSON.stringify(sums()) !== JSON.stringify(before)) throw new Error("weights changed during the measurement");
  result.browser = `Chromium ${browser.version()}`;
  result.processor = cpus()[0].model;
  result.commit = execFileSync("git", ["-C", root, "rev-parse", "--short", "HEAD"]).toString().trim();
  writeFileSync(target, JSON.stringify(result, null, 2) + "\n");
  console.log(result.ratio_to_best_peer, result.cold_start_ms);
} finally {
  await browser.close();
  server.kill();
}
