// Serves a folder on this machine only: node scripts/static-server.mjs FOLDER PORT [--isolated]
// An isolated page has a fine clock, and could use threads. Tested by scripts/static-server.test.mjs.
import { createServer } from "node:http";
import { readFile, realpath } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";

const types = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm",
  ".svg": "image/svg+xml", ".png": "image/png", ".json": "application/json", ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json", ".gz": "application/octet-stream",
};
const isolation = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** The path inside the folder that a request asks for; null when no such file is ever served. */
function requested(url) {
  try {
    // Not `new URL`, which resolves `..` before it can be refused.
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0]);
    const parts = path.split("/").slice(1);
    // Neither hidden files, nor a way out of the folder.
    const refused = !path.startsWith("/") || /[\0\\]/.test(path) || parts.some((part) => part.startsWith("."));
    return refused ? null : join(...parts, path.endsWith("/") ? "index.html" : "");
  } catch {
    return null; // malformed, such as "/%E0"
  }
}

/** A server of the files in a folder, not listening yet. */
export function serve(folder, { isolated = false } = {}) {
  const headers = { "x-content-type-options": "nosniff", ...(isolated ? isolation : {}) };
  return createServer(async (request, response) => {
    const answer = (status, type, body, more = {}) => {
      response.writeHead(status, { ...headers, "content-type": type, "content-length": body.length, ...more });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    const refuse = (status, text, more) => answer(status, "text/plain; charset=utf-8", Buffer.from(`${text}\n`), more);
    if (request.method !== "GET" && request.method !== "HEAD") {
      return refuse(405, "only GET and HEAD", { allow: "GET, HEAD" });
    }
    try {
      const path = requested(request.url);
      if (path === null) return refuse(404, "not found");
      // A link must not lead out of the folder either.
      const root = await realpath(folder);
      const file = await realpath(join(root, path));
      if (!file.startsWith(root + sep)) return refuse(404, "not found");
      answer(200, types[extname(file)] ?? "application/octet-stream", await readFile(file));
    } catch {
      refuse(404, "not found");
    }
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, port, mode] = process.argv.slice(2);
  serve(folder, { isolated: mode === "--isolated" }).listen(Number(port), "127.0.0.1");
}
