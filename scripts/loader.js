// Starts the program NAME in a worker. scripts/build makes NAME_loader.js of this.
// A promise that is rejected raises no error event on the page, so a program that is missing or damaged says so itself.
const crashed = (error) => postMessage({ Crashed: { message: `its program cannot be started: ${error?.message ?? error}` } });
try {
  importScripts("./NAME.js?v=VERSION");
  wasm_bindgen({ module_or_path: "./NAME_bg.wasm?v=VERSION" }).catch(crashed);
} catch (error) {
  crashed(error);
}
