// Runs before the page is shown, and before its program is here: lets the worker load beside it, or says what is missing.
{
  // scripts/version.mjs puts the build's version for "build", here and wherever a file is named. The page in one file
  // (scripts/one-file.mjs) has none: its programs' addresses are in `threadcountPrograms`.
  const version = "?v=build";
  const page = document.documentElement;
  page.dataset.version = version;
  // For a slide or a frame: the drawing, the swatches and the squeeze alone.
  if (new URLSearchParams(location.search).has("embed")) page.classList.add("embed");

  // The page's policy lets no text become a program but through here: our own programs, by their addresses.
  const loaders = ["worker", "worker-relaxed", "decoder", "reference"].map((name) => `./${name}_loader.js${version}`);
  globalThis.trustedTypes?.createPolicy("default", {
    createScriptURL: (address) =>
      [...loaders, "./service-worker.js", ...Object.values(globalThis.threadcountPrograms ?? {})].includes(address) ? address : null,
  });

  // What is kept of a build stays for as long as a page of it is open (scripts/service-worker.js).
  const kept = `threadcount ${new URL(".", location)} ${version.slice(3)}`;
  // A page that is left lets go, or the browser could not keep it for Back.
  const left = () => new Promise((leave) => addEventListener("pagehide", leave, { once: true }));
  const hold = () => navigator.locks?.request(kept, { mode: "shared" }, left).catch(() => {});
  if (version) {
    hold();
    addEventListener("pageshow", ({ persisted }) => { if (persisted) hold(); });
  }

  const runs = (...body) => typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(
    [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, body.length + 4, 1, body.length + 2, 0, ...body, 11]));
  const splat = [65, 0, 253, 17]; // i32.const 0, i32x4.splat
  if (runs(65, 0, 253, 15, 253, 98)) { // i32.const 0, i8x16.splat, i8x16.popcnt
    page.classList.add("js");
    // f32x4.relaxed_madd is opcode 0x105 (https://github.com/WebAssembly/relaxed-simd).
    const relaxed = runs(...splat, ...splat, ...splat, 253, 133, 2);
    page.dataset.loader = relaxed ? "worker-relaxed_loader.js" : "worker_loader.js";
    if (version) {
      const worker = new Worker(`./${page.dataset.loader}${version}`);
      worker.messages = [];
      worker.onmessage = (event) => worker.messages.push(event.data);
      worker.onerror = () => delete globalThis.threadcountWorker; // the page tries again and says what happens
      globalThis.threadcountWorker = worker;
    }
  } else {
    // The page stays as it is without scripts, and says what is missing.
    page.classList.add("no-simd");
    addEventListener("DOMContentLoaded", () => document.body.dataset.state = "error");
  }
}
