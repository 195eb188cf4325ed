// Measures in the browser: every contender on the same weights and the same image, one thread, in turns.
import * as simd from "./build/simd/bench.js";
import * as relaxed from "./build/relaxed/bench.js";
import * as reference from "./build/reference/bench.js";
import { build } from "./tfjs-model.js";

const TOLERANCE = 1e-4;
// As in tests/parity/mod.rs.
const INTEGER_TOLERANCE = 0.35;
// Runs of a contender before the next one's turn: the page runs one network again and again, too.
const TURN = 20;
const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
const quantile = (sorted, q) => {
  const at = (sorted.length - 1) * q;
  const [low, high] = [Math.floor(at), Math.ceil(at)];
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
};
const figures = (times) => {
  const sorted = Float64Array.from(times).sort();
  return { median_ms: quantile(sorted, 0.5), p95_ms: quantile(sorted, 0.95), min_ms: sorted[0], n: sorted.length };
};

/** All contenders on one network: name -> run, and the engine's steps. */
async function contenders(name, pixels) {
  const weights = await bytes(`./models/${name}.safetensors`);
  const ours = (module, kind) => new module.Contender(name, weights, kind, pixels);
  const [scalar, fixed, fused, burn] = [ours(simd, "scalar"), ours(simd, "vector"), ours(relaxed, "vector"), ours(reference, "burn")];
  const [fixedIntegers, fusedIntegers] = [ours(simd, "integer"), ours(relaxed, "integer")];
  const integers = fusedIntegers.has_integers() ? {
    "engine, relaxed SIMD, integers": () => fusedIntegers.run(),
    "engine, SIMD, integers": () => fixedIntegers.run(),
  } : {};
  const features = fixed.features();
  const session = await ort.InferenceSession.create(await bytes(`./build/${name}.onnx`), { executionProviders: ["wasm"], graphOptimizationLevel: "all" });
  const tensorflow = build(tf, weights);
  return {
    engines: { "SIMD": fixed, "relaxed SIMD": fused, ...(fusedIntegers.has_integers() && { "relaxed SIMD, integers": fusedIntegers }) },
    runs: {
      ...integers,
      "engine, scalar": () => scalar.run(),
      "engine, SIMD": () => fixed.run(),
      "engine, relaxed SIMD": () => fused.run(),
      "Burn, ndarray": () => burn.run(),
      "ONNX Runtime Web": async () => {
        const output = await session.run({ features: new ort.Tensor("float32", features, [1, 1, 28, 28]) });
        return output.logits.data;
      },
      "TensorFlow.js": () => tensorflow(features),
    },
  };
}

async function measure(runs, count, warmUp) {
  const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  const time = async (run) => {
    const begin = performance.now();
    await run();
    return performance.now() - begin;
  };
  for (const run of Object.values(runs)) for (let i = 0; i < warmUp; i++) await run();
  for (let done = 0; done < count; done += TURN) {
    for (const [name, run] of Object.entries(runs)) {
      for (let i = 0; i < TURN; i++) times[name].push(await time(run));
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, figures(list)]));
}

async function differences(runs) {
  const expected = await runs["Burn, ndarray"]();
  const found = {};
  for (const [name, run] of Object.entries(runs)) {
    const logits = await run();
    found[name] = Math.max(...Array.from(logits, (z, i) => Math.abs(z - expected[i])));
    if (!(found[name] <= (name.endsWith("integers") ? INTEGER_TOLERANCE : TOLERANCE))) throw new Error(`${name} is ${found[name]} away from Burn's logits`);
  }
  return found;
}

/** Billions of floating-point operations a second of a loop in registers, the best of many tries. */
function peak(module) {
  const repetitions = 200_000;
  let best = 0;
  for (let i = 0; i < 40; i++) {
    const begin = performance.now();
    module.peak(repetitions, 1e-9);
    best = Math.max(best, (2 * module.peak_macs() * repetitions) / (performance.now() - begin) / 1e6);
  }
  return best;
}

/** Median time, and speed by the direct method's count, of each step of the engine. */
function steps(contender, gflops, count) {
  const list = JSON.parse(contender.steps());
  const times = list.map(() => []);
  let last = 0;
  for (let i = 0; i < count; i++) {
    last = performance.now();
    contender.run_steps((step) => {
      const now = performance.now();
      times[step].push(now - last);
      last = performance.now();
    });
  }
  return list.map(([title, macs], i) => {
    // The clock's grain is a good part of a short step, so means are taken, of the faster half.
    const fast = times[i].sort((a, b) => a - b).slice(0, count / 2);
    const time_ms = fast.reduce((a, b) => a + b) / fast.length;
    const speed = (2 * macs) / time_ms / 1e6;
    return { title, macs, time_ms, gflops: speed, share_of_peak: speed / gflops };
  });
}

globalThis.bench = async ({ count, warmUp, names, pixels }) => {
  if (!crossOriginIsolated) throw new Error("the page is not isolated, so its clock is coarse");
  await Promise.all([simd.default(), relaxed.default(), reference.default()]);
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = new URL("./node_modules/onnxruntime-web/dist/", location.href).href;
  tf.wasm.setWasmPaths(new URL("./node_modules/@tensorflow/tfjs-backend-wasm/dist/", location.href).href);
  tf.wasm.setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();
  const result = { peers: { "ONNX Runtime Web": ort.env.versions.web, "TensorFlow.js": tf.version.tfjs }, networks: {} };
  result.peak_gflops = { "SIMD": peak(simd), "relaxed SIMD": peak(relaxed) };
  for (const name of names) {
    const { runs, engines } = await contenders(name, Uint8Array.from(pixels));
    const differs = await differences(runs);
    const times = await measure(runs, count, warmUp);
    const cells = Object.fromEntries(Object.keys(runs).map((run) => [run, { ...times[run], difference: differs[run] }]));
    const peak_of = (path) => result.peak_gflops[path.replace(", integers", "")];
    const layers = Object.fromEntries(Object.entries(engines).map(([path, engine]) => [path, steps(engine, peak_of(path), 400)]));
    result.networks[name] = { cells, steps: layers };
    console.log(`${name}: ${Object.entries(cells).map(([run, cell]) => `${run} ${cell.median_ms.toFixed(3)} ms`).join(", ")}`);
  }
  return result;
};
document.title = "ready";
