// Starts the page's program, or says why it cannot be started.
const say = (text) => {
  document.getElementById("message-text").textContent = text;
  document.getElementById("message").hidden = false;
};
const late = setTimeout(say, 20000, "The page's program has not arrived yet. It may still be on its way; if nothing happens, reload the page.");
try {
  const { default: start } = await import("./page.js?v=build");
  await start({ module_or_path: "./page_bg.wasm?v=build" });
} catch (error) {
  say(`The page's program could not be started (${error.message}). Check the connection and reload the page.`);
  document.body.dataset.state = "error";
} finally {
  clearTimeout(late);
}
