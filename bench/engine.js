// Our engine, with one of its builds and ways to compute, or Burn.
import { bytes } from "./fetch.js";

export async function load(network, { build, kind }) {
  const module = await import(`./build/${build}/bench.js`);
  await module.default();
  const contender = new module.Contender(network, await bytes(`./build/models/${network}.safetensors`), kind);
  // Where no layer has integers, this would measure single precision again.
  if (kind === "integer" && !contender.has_integers()) return null;
  return { run: (features) => contender.run(features) };
}
