// LiteRT.js on one thread. It chooses its program with relaxed SIMD where the browser has it.
import { Tensor, loadAndCompile, loadLiteRt } from "@litertjs/core";
import { bytes } from "./fetch.js";

export async function load(network, { suffix }) {
  const { liteRtWasm } = await loadLiteRt(new URL("./node_modules/@litertjs/core/wasm/", location.href).href);
  const model = await loadAndCompile(await bytes(`./build/${network}${suffix}.tflite`), { accelerator: "wasm", cpuOptions: { numThreads: 1 } });
  // Writing into one input tensor is faster than making one for each run.
  const input = new Tensor(new Float32Array(784), [1, 28, 28, 1]);
  const buffer = input.liteRtTensorBuffer;
  const run = async (features) => {
    const raw = new Uint8Array(features.buffer, features.byteOffset, features.byteLength);
    liteRtWasm.HEAPU8.set(raw, buffer.lock(liteRtWasm.LiteRtTensorBufferLockMode.WRITE));
    buffer.unlock();
    const [output] = await model.run(input);
    const logits = output.toTypedArray();
    output.delete();
    return logits;
  };
  return { version: (await (await fetch("./node_modules/@litertjs/core/package.json")).json()).version, run };
}
