// Makes what the page in one file carries available: the files by their paths, and the addresses of workers' programs.
// A worker of a page from disk can fetch none of the page's addresses, so it is sent the files.
{
  const bytesOf = (text) => {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  };
  globalThis.threadcountFiles = {};
  globalThis.threadcountPrograms = {};
  for (const block of document.querySelectorAll("script[data-file]")) {
    const { file } = block.dataset;
    const blob = new Blob([bytesOf(block.textContent)], { type: block.type });
    if (file.endsWith("_loader.js")) threadcountPrograms[file] = URL.createObjectURL(blob);
    else threadcountFiles[file] = blob;
    block.remove();
  }
}
