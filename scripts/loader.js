// Starts the program NAME in a worker. scripts/build makes NAME_loader.js of this. In the page in one file
// (scripts/one-file.mjs) the program is among `threadcountFiles`, and its script stands before this.
// A promise that is rejected raises no error event on the page, so a program that is missing or damaged says so itself.
const crashed = (error) => postMessage({ Crashed: { message: `its program cannot be started: ${error?.message ?? error}` } });
try {
  if (self.threadcountFiles) {
    wasm_bindgen({ module_or_path: new Response(threadcountFiles["NAME_bg.wasm"]) }).catch(crashed);
  } else {
    // On its way while its script is.
    const program = fetch(`./NAME_bg.wasm${location.search}`);
    program.catch(() => {}); // what is wrong is said below
    importScripts(`./NAME.js${location.search}`);
    wasm_bindgen({ module_or_path: program }).catch(crashed);
  }
} catch (error) {
  crashed(error);
}
