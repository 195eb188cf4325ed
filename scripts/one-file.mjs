// The page in one file, with all networks inside: node scripts/one-file.mjs FOLDER
//
// FOLDER is what scripts/build has put together, without its version yet; this writes FOLDER/threadcount.html. It opens
// from disk, where a page can fetch nothing beside it, nor start a module or a worker of another file. So styles and
// scripts stand in the markup, admitted by their hashes alone, and all other files as base64. scripts/one-file.js makes
// blobs of them, which src/web/fetch.rs and scripts/loader.js look up. Burn's program is left out, and the page says so.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const workers = ["worker", "worker-relaxed", "decoder"];

/** Replace what must be there exactly once. */
function replaceOnce(text, pattern, replacement) {
  const found = typeof pattern === "string" ? text.split(pattern).length - 1 : [...text.matchAll(new RegExp(pattern, "gm"))].length;
  if (found !== 1) throw new Error(`expected ${pattern} once, found it ${found} times`);
  return text.replace(typeof pattern === "string" ? pattern : new RegExp(pattern, "m"), () => replacement);
}

/** The page of a folder as the text of one file. */
export function oneFile(folder) {
  const bytes = (file) => readFileSync(join(folder, file));
  const text = (file) => bytes(file).toString();
  const hashes = { script: [], style: [] };
  const inline = (tag, content, attributes = "") => {
    if (/<\/script|<\/style|<!--/i.test(content)) throw new Error(`a ${tag} ends itself`);
    hashes[tag].push(`'sha256-${createHash("sha256").update(content).digest("base64")}'`);
    return `<${tag}${attributes}>${content}</${tag}>`;
  };
  const block = (file, type, content) => `<script type="${type}" data-file="${file}">${Buffer.from(content).toString("base64")}</script>\n`;

  const page = replaceOnce(text("page.js"), /^export \{[^}]*\b__wbg_init as default\b[^}]*\};?$/, "");
  let start = replaceOnce(text("page-start.js"), 'await import("./page.js?v=build")', "{ default: __wbg_init }");
  start = replaceOnce(start, '"./page_bg.wasm?v=build"', 'new Response(threadcountFiles["page_bg.wasm"])');
  // A worker's program starts when the files have come (src/web/connection.rs).
  const worker = (name) => `${text(`${name}.js`)}
addEventListener("message", ({ data }) => {
self.threadcountFiles = data;
${text(`${name}_loader.js`)}}, { once: true });
`;
  const packed = ["models", "data"].flatMap((name) => readdirSync(join(folder, name)).sort().map((file) => `${name}/${file}`))
    .filter((file) => /\.(json|safetensors|thrd|gz)$/.test(file))
    .map((file) => block(file, "application/gzip", file.endsWith(".gz") ? bytes(file) : gzipSync(bytes(file), { level: 7 })));
  const tail = [
    ...packed,
    block("reference.json", "application/gzip", gzipSync('{"state":"absent"}')),
    ...["page", ...workers].map((name) => block(`${name}_bg.wasm`, "application/wasm", bytes(`${name}_bg.wasm`))),
    ...workers.map((name) => block(`${name}_loader.js`, "application/octet-stream", worker(name))),
    inline("script", readFileSync(new URL("one-file.js", import.meta.url), "utf8")),
    "\n",
    inline("script", `${page}\n{\n${start}}\n`, ' type="module"'),
    "\n</body>",
  ];

  let html = text("index.html");
  html = replaceOnce(html, /^ *<script type="module" src="\.\/page-start\.js\?v=build"><\/script>\n/, "");
  html = html.replace(/^ *<link rel="(modulepreload|preload)".*\n/gm, "");
  html = html.replace(/^ *<meta (property="og:|name="twitter:).*\n/gm, ""); // what is shown of a link
  html = html.replace(/<link rel="stylesheet" href="([^"?]+)\?v=build">/g, (_, file) => inline("style", text(file)));
  html = replaceOnce(html, "icon.svg?v=build", `data:image/svg+xml;base64,${bytes("icon.svg").toString("base64")}`);
  html = replaceOnce(html, '<script src="./start.js?v=build"></script>', inline("script", text("start.js").replaceAll("?v=build", "")));
  html = replaceOnce(html, "</body>", tail.join(""));
  const policy = [
    "default-src 'none'", `script-src ${hashes.script.join(" ")} 'wasm-unsafe-eval'`, `style-src ${hashes.style.join(" ")}`, "img-src data:",
    "worker-src blob:", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types default",
  ];
  html = replaceOnce(html, /http-equiv="Content-Security-Policy" content="[^"]*"/, `http-equiv="Content-Security-Policy" content="${policy.join("; ")}"`);
  if (html.includes("?v=build") || /(src|href)="\.\//.test(html)) throw new Error("something is still beside the file");
  return html;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder] = process.argv.slice(2);
  writeFileSync(join(folder, "threadcount.html"), oneFile(folder));
}
