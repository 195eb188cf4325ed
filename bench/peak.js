// What the processor can do at most, and how close the engine's steps come.
import { bytes } from "./fetch.js";

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

// The clock's grain is a good part of a short step, which the mean of so many runs resolves. The median of those means
// leaves out what else the machine did meanwhile.
const GROUP = 20;

/** Time, and speed by the direct method's count, of each step of the engine. */
function times(contender, features, gflops, count) {
  const list = JSON.parse(contender.steps());
  const times = list.map(() => []);
  let last = 0;
  for (let i = 0; i < count; i++) {
    last = performance.now();
    contender.run_steps(features, (step) => {
      const now = performance.now();
      times[step].push(now - last);
      last = performance.now();
    });
  }
  return list.map(([title, macs], i) => {
    const groups = Array.from({ length: count / GROUP }, (_, group) => times[i].slice(group * GROUP, (group + 1) * GROUP));
    const means = groups.map((group) => group.reduce((a, b) => a + b) / GROUP).sort((a, b) => a - b);
    const middle = means.length / 2;
    const time_ms = (means[Math.ceil(middle) - 1] + means[Math.floor(middle)]) / 2;
    const speed = (2 * macs) / time_ms / 1e6;
    return { title, macs, time_ms, gflops: speed, share_of_peak: speed / gflops };
  });
}

/** The peak of a build of the engine, and the steps of each network by single precision and by integers. */
export async function steps({ build, networks, features, count }) {
  const module = await import(`./build/${build}/bench.js`);
  await module.default();
  const gflops = peak(module);
  const found = {};
  for (const name of networks) {
    const weights = await bytes(`./build/models/${name}.safetensors`);
    const of = (kind) => new module.Contender(name, weights, kind);
    const integer = of("integer");
    found[name] = {
      single: times(of("vector"), features, gflops, count),
      ...(integer.has_integers() && { integers: times(integer, features, gflops, count) }),
    };
  }
  return { gflops, networks: found };
}
