// Measures one contender on one network in a browser of its own; `run.mjs` calls what is defined here.
import { contenders } from "./contenders.js";
import { bytes } from "./fetch.js";
import { steps } from "./peak.js";
import { parse } from "./safetensors.js";

const WARM_UP = { runs: 20, ms: 500 };
// The clock's grain is a twentieth of what is timed, or less.
const LEAST_TIMED_MS = 1;
const PIXELS = 784;

const quantile = (sorted, q) => {
  const at = (sorted.length - 1) * q;
  const [low, high] = [Math.floor(at), Math.ceil(at)];
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
};

async function time(run, count) {
  const begin = performance.now();
  for (let i = 0; i < count; i++) await run();
  return (performance.now() - begin) / count;
}

/** Of so many times; each is the mean of as many runs as take about a millisecond. */
async function measure(run, runs) {
  const begin = performance.now();
  let warm = 0;
  while (warm < WARM_UP.runs || performance.now() - begin < WARM_UP.ms) {
    await run();
    warm++;
  }
  const count = Math.ceil((LEAST_TIMED_MS * warm) / (performance.now() - begin));
  const times = [];
  for (let i = 0; i < runs; i++) times.push(await time(run, count));
  const sorted = times.sort((a, b) => a - b);
  return { median_ms: quantile(sorted, 0.5), p95_ms: quantile(sorted, 0.95), min_ms: sorted[0], n: runs };
}

async function images() {
  const { tensor } = parse(await bytes("./build/images.safetensors"));
  const { values } = tensor("validation.features");
  const labels = tensor("validation.labels").values;
  return { labels, features: Array.from(labels, (_, i) => values.subarray(i * PIXELS, (i + 1) * PIXELS)) };
}

/** The share of the validation images that a contender answers rightly. */
async function accuracy(run, { features, labels }) {
  let right = 0;
  for (const [i, label] of labels.entries()) {
    const logits = Array.from(await run(features[i]));
    if (logits.indexOf(Math.max(...logits)) === label) right++;
  }
  return right / labels.length;
}

/**
 * One cell: its times in this browser, the logits of the first images, and, when it is judged, its accuracy. Null where
 * the contender has nothing for the network.
 */
globalThis.measureCell = async ({ contender, network, runs, compared, judged }) => {
  if (!crossOriginIsolated) throw new Error("the page is not isolated, so its clock is coarse");
  const { module, options } = contenders[contender];
  const loaded = await (await import(module)).load(network, options);
  if (loaded === null) return null;
  const { version, run } = loaded;
  const validation = await images();
  const logits = [];
  for (const features of validation.features.slice(0, compared)) logits.push(Array.from(await run(features)));
  const times = await measure(() => run(validation.features[0]), runs);
  return { version, logits, times, accuracy: judged ? await accuracy(run, validation) : undefined, images: validation.labels.length };
};

/** The peak of a build of the engine, and the steps of each network. */
globalThis.measureSteps = async (options) => steps({ ...options, features: (await images()).features[0] });
document.title = "ready";
