// Keeps the page for visits without a network. scripts/version.mjs puts in the build: its version, and the sums of its files.
//
// A build is kept as one set in a cache of its own. A page asks for files by the version of its own build, and gets
// those that are kept for it, or what the server sends when that has the sum of this build's file: never program and
// weights of two builds. All of `set` is kept before this answers anything; a file of `later` when a page has asked for
// it. A newer build waits until the visitor wants it (src/web/offline.rs). With `saveData` nothing is fetched at the first
// visit: kept is what the browser's own cache has, and what pages ask for. An update is whole all the same, since a page
// of the older build cannot be continued by halves of two.
const build = BUILD;
const { scope } = registration;
/** A page holds a lock of this name (www/start.js). */
const nameOf = (version) => `threadcount ${scope} ${version}`;
const place = (file) => new URL(file, scope).href;
const list = place(".files");
/** Whether what is missing is fetched after the first visit, too. */
const wantsMore = () => !navigator.connection?.saveData;
const sparing = () => !wantsMore() && !registration.active;

async function sumOf(bytes) {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The same response, given to `keep` at its end when it is the file; when it is not, reading it fails. */
function checked(response, file, sums, keep) {
  const headers = new Headers(response.headers);
  const parts = [];
  const check = new TransformStream({
    transform(part, out) {
      parts.push(part);
      out.enqueue(part);
    },
    async flush() {
      const bytes = await new Blob(parts).arrayBuffer();
      if (!sums.includes(await sumOf(bytes))) throw new TypeError(`the server has another build of ${file}`);
      const whole = new Headers(headers);
      whole.set("content-length", bytes.byteLength);
      await keep(new Response(bytes, { headers: whole }));
    },
  });
  return new Response(response.body.pipeThrough(check), { headers });
}

/** The file as another build has it, when it is the same. */
async function ofAnotherBuild(file, sums) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(nameOf("")) || name === nameOf(build.version)) continue;
    const cache = await caches.open(name);
    const files = await (await cache.match(list))?.json();
    if (files?.[file]?.[0] === sums[0]) return cache.match(place(file));
  }
}

/** Fetch a file into the cache, first from the browser's own cache. */
async function take(cache, file, sums, modes) {
  let problem;
  for (const mode of modes) {
    try {
      const response = await fetch(`${place(file)}?v=${build.version}`, { cache: mode, mode: "same-origin" });
      if (!response.ok) throw new TypeError(`${file}: the server answered ${response.status}`);
      await checked(response, file, sums, (whole) => cache.put(place(file), whole)).arrayBuffer();
      return;
    } catch (error) {
      problem = error;
      if (error.name === "QuotaExceededError") break; // asking again makes no room
    }
  }
  throw problem;
}

/** Keep the whole set. When that fails for want of room, or before there is a page, nothing of it stays. */
async function fill() {
  try {
    await fillCache();
  } catch (problem) {
    const name = nameOf(build.version);
    const page = await caches.open(name).then((cache) => cache.match(place("index.html")));
    if (!page || problem.name === "QuotaExceededError") await caches.delete(name);
    throw problem;
  }
}

async function fillCache() {
  const cache = await caches.open(nameOf(build.version));
  await cache.put(list, new Response(JSON.stringify({ ...build.set, ...build.later })));
  for (const [file, sums] of Object.entries(build.set)) {
    if (await cache.match(place(file))) continue;
    const same = await ofAnotherBuild(file, sums);
    if (same) await cache.put(place(file), same);
    else if (sparing() && file !== "index.html") await take(cache, file, sums, ["only-if-cached"]).catch(() => {});
    else await take(cache, file, sums, ["default", "reload"]);
  }
}

async function isComplete() {
  if (!await caches.has(nameOf(build.version))) return false;
  const cache = await caches.open(nameOf(build.version));
  const kept = new Set((await cache.keys()).map((request) => request.url));
  return Object.keys(build.set).every((file) => kept.has(place(file)));
}

/** Forget the builds that no page is of. */
async function tidy() {
  if (registration.installing || registration.waiting) return;
  for (const name of await caches.keys()) {
    if (!name.startsWith(nameOf("")) || name === nameOf(build.version)) continue;
    await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && caches.delete(name));
  }
}

/** What the server sends; without a network an error that says no more than that. */
const ask = (request) => fetch(request).catch(() => Response.error());

async function answer(request, file, version) {
  if (!await caches.has(nameOf(version))) {
    // A browser may throw away what is kept; then this stays out of the way.
    if (version === build.version || !await caches.has(nameOf(build.version))) return ask(request);
    return new Response("This page is of a build that is no longer here. Reload it.\n", { status: 409, statusText: "another build" });
  }
  const cache = await caches.open(nameOf(version));
  const kept = await cache.match(place(file));
  if (kept) return kept;
  const files = await (await cache.match(list))?.json();
  const response = await ask(request);
  if (!files?.[file] || !response.ok) return response;
  // A full disk is no reason to withhold the file.
  return checked(response, file, files[file], (whole) => cache.put(place(file), whole).catch(() => {}));
}

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(clients.claim().then(tidy)));
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !url.href.startsWith(scope)) return;
  const file = url.pathname.slice(new URL(scope).pathname.length);
  if (request.mode === "navigate") {
    if (file === "" || file === "index.html") event.respondWith(answer(request, "index.html", build.version));
  } else if (url.searchParams.has("v")) {
    event.respondWith(answer(request, file, url.searchParams.get("v")));
  }
});
addEventListener("message", (event) => {
  const { data, source } = event;
  if (data === "take over") skipWaiting();
  if (data === "state") event.waitUntil((async () => {
    if (!await isComplete() && wantsMore()) await fill().catch(() => {}); // tried again at the next visit
    source.postMessage({ version: build.version, complete: await isComplete() });
    await tidy();
  })());
});
