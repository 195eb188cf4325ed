// Starts the page's program, or says why it cannot be started and offers to try again.
const retry = document.getElementById("message-retry");
const reload = () => location.reload(); // there is no drawing yet that this could lose
const say = (text) => {
  document.getElementById("message-text").textContent = text;
  document.getElementById("message").hidden = retry.hidden = false;
  retry.addEventListener("click", reload);
};
const late = setTimeout(say, 10000, "The page's program has not arrived yet. It may still be on its way; if nothing happens, try again.");
try {
  // In a browser without SIMD (start.js) the page stays as it is without scripts.
  if (document.documentElement.dataset.loader) {
    const { default: start } = await import("./page.js?v=build");
    await start({ module_or_path: "./page_bg.wasm?v=build" });
  }
  retry.removeEventListener("click", reload); // from here on, the program says what the button does
} catch (error) {
  say(`The page's program could not be started (${error.message}). Check the connection and try again.`);
  document.body.dataset.state = "error";
  // A build that was kept and cannot start gives way to a newer one, when there is one (scripts/service-worker.js).
  const { serviceWorker } = navigator;
  serviceWorker?.getRegistration().then((registration) => {
    if (!registration?.waiting) return;
    serviceWorker.addEventListener("controllerchange", () => location.reload());
    registration.waiting.postMessage("take over");
  }, () => {});
} finally {
  clearTimeout(late);
}
