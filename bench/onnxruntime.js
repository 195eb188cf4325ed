// ONNX Runtime Web on one thread.
import { bytes, script } from "./fetch.js";

export async function load(network, { suffix }) {
  await script("node_modules/onnxruntime-web/dist/ort.wasm.min.js");
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = new URL("./node_modules/onnxruntime-web/dist/", location.href).href;
  const session = await ort.InferenceSession.create(await bytes(`./build/${network}${suffix}.onnx`), { executionProviders: ["wasm"], graphOptimizationLevel: "all" });
  const input = new ort.Tensor("float32", new Float32Array(784), [1, 1, 28, 28]);
  const feeds = { features: input };
  const run = async (features) => {
    input.data.set(features);
    return (await session.run(feeds)).logits.data;
  };
  return { version: ort.env.versions.web, run };
}
