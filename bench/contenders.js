// Everything that is measured, in the order of README's tables (`CONTENDERS` in src/bin/threadcount/bench.rs).
// `module` exports `load(network, options)`, which resolves to { version, run }, or to null where the network has nothing
// of the kind; `run` takes 784 features and gives, at once or as a promise, ten logits.
export const REFERENCE = "Burn, ndarray";

const engine = (build, kind) => ({ module: "./engine.js", options: { build, kind } });

export const contenders = {
  "engine, relaxed SIMD": engine("relaxed", "vector"),
  "engine, SIMD": engine("simd", "vector"),
  "engine, scalar": engine("simd", "scalar"),
  "engine, relaxed SIMD, integers": { ...engine("relaxed", "integer"), integers: true },
  "engine, SIMD, integers": { ...engine("simd", "integer"), integers: true },
  "LiteRT.js": { module: "./litert.js", options: { suffix: "" } },
  "ONNX Runtime Web": { module: "./onnxruntime.js", options: { suffix: "" } },
  "TensorFlow.js": { module: "./tensorflow.js" },
  "LiteRT.js, int8": { module: "./litert.js", options: { suffix: "-int8" }, integers: true },
  "ONNX Runtime Web, int8": { module: "./onnxruntime.js", options: { suffix: "-int8" }, integers: true },
  [REFERENCE]: engine("reference", "burn"),
};
