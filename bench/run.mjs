// Serves the benchmark, measures every cell in headless browsers and writes what they found:
// node bench/run.mjs RESULT.json RUNS ROUNDS NETWORK...
//
// A cell is one contender on one network. Each is measured in a fresh browser in each round, so that what one browser
// happens to do (how its code was compiled, where its memory lies) is seen as a spread and not taken for the contender.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { chromium } from "playwright-core";
import { serve } from "../scripts/static-server.mjs";
import { coldStarts } from "./cold-start.mjs";
import { contenders, REFERENCE } from "./contenders.js";
import { evaluation } from "./evaluation.mjs";

const [target, runs, rounds, ...NETWORKS] = process.argv.slice(2);
if (NETWORKS.length === 0) throw new Error("usage: node bench/run.mjs RESULT.json RUNS ROUNDS NETWORK...");
// The network that answers first; the others give the verdict.
const FIRST = "stitch";
// In single precision a contender may be this far from the reference, on each of so many images.
const TOLERANCE = 1e-4;
const COMPARED_IMAGES = 20;
// One run of all steps tells less than a cell does; more are taken.
const STEP_RUNS = 400;
// What a step's time is known to: a mean of 20 runs on a clock of 5 microseconds.
const STEP_RESOLUTION_MS = 0.001;
// Those that only define what the others compute are slow, and their logits say that they are right.
const NOT_JUDGED = [REFERENCE, "engine, scalar"];
const root = new URL("..", import.meta.url).pathname;
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
  // Pages of the browser's own address bar, which would compute beside what is measured.
  "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup"];

/** Call a function with a browser that nothing else was done in. */
async function inFreshBrowser(use) {
  const browser = await chromium.launch({ executablePath, args });
  try { return await use(browser); } finally { await browser.close(); }
}

/** Call a function of the benchmark's page in a fresh browser. */
function onPage(base, name, options) {
  return inFreshBrowser(async (browser) => {
    const page = await browser.newPage();
    // LiteRT.js reports what it does as errors, so messages are shown only when something fails.
    const messages = [];
    page.on("console", (message) => messages.push(message.text()));
    page.on("pageerror", (error) => messages.push(error.stack));
    page.setDefaultTimeout(0);
    await page.goto(`${base}/bench/`);
    await page.waitForFunction(() => document.title === "ready");
    try {
      return await page.evaluate(([name, options]) => globalThis[name](options), [name, options]);
    } catch (error) {
      console.error(messages.join("\n"));
      throw error;
    }
  });
}

const largest = (logits, expected) => Math.max(...logits.flatMap((row, i) => row.map((z, j) => Math.abs(z - expected[i][j]))));
const byNetwork = (of) => Object.fromEntries(NETWORKS.map((name) => [name, of(name)]));
const sum = (path) => createHash("sha256").update(readFileSync(`${root}/${path}`)).digest("hex");
// What `threadcount bench-data` read and wrote.
const files = JSON.parse(readFileSync(`${root}/bench/build/models.json`));
/** The sums of the released weights, which are those that are measured; `threadcount readme --check` compares them. */
const sums = () => byNetwork((name) => {
  const { file, released, measured } = files[name];
  if (sum(`models/${file}`) !== released || sum(`bench/build/models/${name}.safetensors`) !== measured) {
    throw new Error(`${file} is not what bench/build was made from; scripts/bench makes it again`);
  }
  return released;
});
/** The sums of the released weights that the peers' files were made from. */
const exported = () => Object.fromEntries(["onnx", "tflite"].map((format) => {
  const sources = JSON.parse(readFileSync(`${root}/bench/build/${format}-sources.json`));
  return [format, byNetwork((name) => sources[name] === files[name].measured ? files[name].released : sources[name])];
}));

/** What was measured, without a cell yet. */
const result = { runs: Number(runs), rounds: Number(rounds), step_resolution_ms: STEP_RESOLUTION_MS, weights: sums(), exported: exported(), peers: {}, peak_gflops: {}, networks: byNetwork(() => ({ cells: {}, steps: {} })) };
for (const [format, sources] of Object.entries(result.exported)) {
  for (const name of NETWORKS) if (sources[name] !== result.weights[name]) throw new Error(`the ${format} files of ${name} are of other weights; scripts/bench makes them again`);
}

/** The processor's name; what Linux tells of it says which instructions a browser can use for integers. */
function processor() {
  const { model } = cpus()[0];
  let told;
  try {
    told = readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return model;
  }
  const field = (name) => new RegExp(`^${name}\\s*: (.*)$`, "m").exec(told)?.[1];
  const flags = field("flags")?.split(" ") ?? [];
  return `${model} (family ${field("cpu family")}, model ${field("model")}, ${flags.includes("avx_vnni") ? "with" : "without"} AVX-VNNI)`;
}

const expected = {};

/** One round of a cell. The reference is the first contender of all to be measured. */
async function cell(base, contender, network, round) {
  const judged = round === 0 && !NOT_JUDGED.includes(contender);
  const found = await onPage(base, "measureCell", { contender, network, runs: result.runs, compared: COMPARED_IMAGES, judged });
  if (found === null) return;
  const { integers } = contenders[contender];
  if (found.version) result.peers[contender.split(", int8")[0]] = found.version;
  result.validation_images = found.images;
  expected[network] ??= found.logits;
  const difference = largest(found.logits, expected[network]);
  if (!integers && !(difference <= TOLERANCE)) throw new Error(`${contender} is ${difference} away from the reference on ${network}`);
  const known = result.networks[network].cells[contender] ??= { medians_ms: [], p95s_ms: [], difference, accuracy: found.accuracy };
  known.medians_ms.push(found.times.median_ms);
  known.p95s_ms.push(found.times.p95_ms);
  console.log(`round ${round + 1}, ${network}, ${contender}: ${found.times.median_ms.toFixed(3)} ms${judged ? `, ${(100 * found.accuracy).toFixed(2)} %` : ""}`);
}

const server = serve(root, { isolated: true });
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const base = `http://localhost:${server.address().port}`;
try {
  // What is measured once comes first: a fault in it shows before the rounds.
  for (const [build, path] of [["simd", "SIMD"], ["relaxed", "relaxed SIMD"]]) {
    const found = await onPage(base, "measureSteps", { build, networks: NETWORKS, count: STEP_RUNS });
    result.peak_gflops[path] = found.gflops;
    for (const name of NETWORKS) {
      for (const [precision, steps] of Object.entries(found.networks[name])) {
        result.networks[name].steps[precision === "single" ? path : `${path}, ${precision}`] = steps;
      }
    }
  }
  Object.assign(result, await inFreshBrowser((browser) => coldStarts(browser, base, NETWORKS)));
  result.evaluation = await inFreshBrowser((browser) => evaluation(browser, base, NETWORKS.filter((name) => name !== FIRST)));
  const order = [REFERENCE, ...Object.keys(contenders).filter((name) => name !== REFERENCE)];
  for (let round = 0; round < result.rounds; round++) {
    for (const contender of order) for (const network of NETWORKS) await cell(base, contender, network, round);
  }
  result.browser = await inFreshBrowser((browser) => `Chromium ${browser.version()}`);
  if (JSON.stringify(sums()) !== JSON.stringify(result.weights)) throw new Error("weights changed during the measurement");
  result.processor = processor();
  result.commit = execFileSync("git", ["-C", root, "rev-parse", "--short", "HEAD"]).toString().trim();
  writeFileSync(target, JSON.stringify(result, null, 2) + "\n");
} finally {
  server.close();
  server.closeAllConnections();
}
