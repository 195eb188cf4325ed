// TensorFlow.js on one thread, by its wasm backend.
import { bytes, script } from "./fetch.js";
import { build } from "./tfjs-model.js";

export async function load(network) {
  await script("node_modules/@tensorflow/tfjs/dist/tf.min.js");
  await script("node_modules/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js");
  tf.wasm.setWasmPaths(new URL("./node_modules/@tensorflow/tfjs-backend-wasm/dist/", location.href).href);
  tf.wasm.setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();
  return { version: tf.version.tfjs, run: build(tf, await bytes(`./build/models/${network}.safetensors`)) };
}
