// Give a built folder its version, and the service worker that keeps it: node scripts/version.mjs FOLDER [--development]
//
// The version is that of all files together. It stands in the addresses of files, in place of `?v=build`, so that no
// cache mixes two builds; programs hand it on to what they fetch. The folder of a development server, which serves
// another build every minute, gets a service worker that ends any earlier one of the same address.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";

/** Files in which the version is put. */
const addressing = ["index.html", "start.js", "page-start.js"];
/** What no page fetches by its version: how models were trained, what changes while it is served, what is made of the rest, what only links show, the example for other pages. */
const unversioned = /^(models\/recipes\/|reference\.json$|service-worker\.js$|threadcount\.html$|share\.png$|example\.|engine[._])/;
/** What is kept for visits without a network once a page has asked for it: large, and not needed for an answer. */
const later = /^(data\/t10k-images|reference[._])/;

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** The sums that a file may have: its own, and that of what is in it, which some servers unpack on the way. */
const sums = (file, bytes) => file.endsWith(".gz") ? [sha256(bytes), sha256(gunzipSync(bytes))] : [sha256(bytes)];

/** The folder's files by their paths, in order; hidden ones are never served. */
function filesOf(folder) {
  const paths = readdirSync(folder, { recursive: true }).filter((path) => statSync(join(folder, path)).isFile());
  return paths.map((path) => path.replaceAll("\\", "/")).filter((path) => !/(^|\/)\./.test(path) && !unversioned.test(path)).sort();
}

/** Put the version in and write the service worker; returns the version. */
export function version(folder, { development = false } = {}) {
  const files = filesOf(folder).map((file) => [file, readFileSync(join(folder, file))]);
  const program = readFileSync(new URL("service-worker.js", import.meta.url), "utf8");
  const version = sha256(program + files.map(([file, bytes]) => `${file} ${sha256(bytes)}\n`).join("")).slice(0, 12);
  for (const entry of files.filter(([file]) => addressing.includes(file))) {
    entry[1] = Buffer.from(entry[1].toString().replaceAll("?v=build", `?v=${version}`));
    // Trunk's page reloads itself by a script of Trunk's own, which the policy would refuse.
    if (development) entry[1] = Buffer.from(entry[1].toString().replace(/^.*http-equiv="Content-Security-Policy".*\n/m, ""));
    writeFileSync(join(folder, entry[0]), entry[1]);
  }
  const listed = (wanted) => Object.fromEntries(files.filter(([file]) => later.test(file) === wanted).map(([file, bytes]) => [file, sums(file, bytes)]));
  const build = { version, set: listed(false), later: listed(true) };
  const worker = development ? ending : program.replace("BUILD", () => JSON.stringify(build));
  writeFileSync(join(folder, "service-worker.js"), worker);
  return version;
}

const ending = `addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith("threadcount " + registration.scope)) await caches.delete(name);
  }
  await registration.unregister();
  // Those that an earlier one has served.
  for (const client of await clients.matchAll({ type: "window" })) await client.navigate(client.url);
})()));
`;

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, mode] = process.argv.slice(2);
  version(folder, { development: mode === "--development" });
}
