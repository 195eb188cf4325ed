// The service worker over a cache, a server and a browser's own cache that are plain maps: node --test scripts/service-worker.test.mjs
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import vm from "node:vm";
import { gunzipSync, gzipSync } from "node:zlib";
import { version } from "./version.mjs";

const scope = "https://example.org/thread/";
const temporary = mkdtempSync(join(tmpdir(), "threadcount-worker-"));
after(() => rmSync(temporary, { recursive: true }));

/** Build a folder of the given files; returns its files as they are served, its version and its service worker. */
function build(name, changes = {}) {
  const folder = join(temporary, name);
  const files = {
    "index.html": `<script src="./start.js?v=build"></script>`, "start.js": `"?v=build"`, "models/a.safetensors": "weights",
    "data/v1k.gz": gzipSync("validation"), "data/t10k-images.gz": gzipSync("images"), "reference.json": "{}", "models/recipes/a.toml": "seed", ...changes,
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  const made = version(folder);
  const served = Object.fromEntries(Object.keys(files).map((file) => [file, readFileSync(join(folder, file))]));
  return { version: made, served, program: readFileSync(join(folder, "service-worker.js"), "utf8") };
}

/** What is kept in a browser from one service worker to the next. */
class Browser {
  kept = new Map();
  locks = new Set();
  asked = [];
  network = {};
  ownCache = {};
  saveData = false;
  registration = { scope };
  full = false;

  cache(name) {
    if (!this.kept.has(name)) this.kept.set(name, new Map());
    const entries = this.kept.get(name);
    return {
      match: async (url) => entries.get(url)?.clone(),
      put: async (url, response) => {
        if (this.full) throw Object.assign(new Error("no room"), { name: "QuotaExceededError" });
        entries.set(url, new Response(await response.arrayBuffer(), { headers: response.headers }));
      },
      keys: async () => [...entries.keys()].map((url) => ({ url })),
    };
  }

  fetch = async (request, { cache = "default" } = {}) => {
    const url = new URL(request.url ?? request);
    const file = url.pathname.slice(new URL(scope).pathname.length) || "index.html";
    if (cache !== "reload" && this.ownCache[file]) return new Response(this.ownCache[file]);
    if (cache === "only-if-cached") throw new TypeError("not there");
    this.asked.push(file);
    if (this.network[file] === undefined) return new Response("", { status: 404 });
    return new Response(this.network[file]);
  };

  /** Run a build's service worker. */
  start({ program }) {
    const handlers = {};
    const said = [];
    vm.runInNewContext(program, {
      registration: this.registration, caches: { open: async (name) => this.cache(name), has: async (name) => this.kept.has(name), keys: async () => [...this.kept.keys()], delete: async (name) => this.kept.delete(name) },
      navigator: { connection: { saveData: this.saveData }, locks: { request: async (name, _, act) => act(this.locks.has(name) ? null : {}) } },
      clients: { claim: async () => {} }, skipWaiting: () => said.push("skipWaiting"), fetch: this.fetch,
      addEventListener: (name, handler) => { handlers[name] = handler; },
      Array, Blob, Headers, Object, Response, TransformStream, TypeError, URL, Uint8Array, Set, JSON, Boolean, crypto,
    });
    const happen = (name, event = {}) => new Promise((resolve, reject) => handlers[name]({ ...event, waitUntil: (work) => work.then(resolve, reject) }));
    const ask = (path, { mode = "same-origin", method = "GET" } = {}) => new Promise((resolve, reject) => {
      let taken = false;
      const event = { request: { url: new URL(path, scope).href, mode, method }, respondWith: (answer) => { taken = true; answer.then(resolve, reject); } };
      handlers.fetch(event);
      if (!taken) resolve("passed");
    });
    const state = () => new Promise((resolve) => {
      handlers.message({ data: "state", source: { postMessage: resolve }, waitUntil: () => {} });
    });
    return { install: () => happen("install"), activate: () => happen("activate"), ask, state, said, tell: (data) => handlers.message({ data }) };
  }
}

const text = async (answer) => (await answer).text();

/** A build on the server, and its service worker installed. */
async function installed(name) {
  const browser = new Browser();
  const a = build(name);
  browser.network = a.served;
  const worker = browser.start(a);
  await worker.install();
  return { browser, a, worker };
}

test("all of a build but what is large is kept before anything is answered, and later without a network", async () => {
  const { browser, a, worker } = await installed("a");
  assert.deepEqual(browser.asked.sort(), ["data/v1k.gz", "index.html", "models/a.safetensors", "start.js"]);
  browser.network = {};
  assert.deepEqual({ ...await worker.state() }, { version: a.version, complete: true });
  assert.match(await text(worker.ask("", { mode: "navigate" })), new RegExp(a.version));
  assert.match(await text(worker.ask("?embed", { mode: "navigate" })), new RegExp(a.version));
  assert.equal(await text(worker.ask(`models/a.safetensors?v=${a.version}`)), "weights");
  const packed = await (await worker.ask(`data/v1k.gz?v=${a.version}`)).arrayBuffer();
  assert.equal(gunzipSync(packed).toString(), "validation");
});

test("what is large is kept once a page has asked for it", async () => {
  const { browser, a, worker } = await installed("large");
  await (await worker.ask(`data/t10k-images.gz?v=${a.version}`)).arrayBuffer();
  browser.network = {};
  assert.equal((await worker.ask(`data/t10k-images.gz?v=${a.version}`)).status, 200);
});

test("a file of another build is never given to a page, whichever the server has", async () => {
  const browser = new Browser();
  const a = build("first"), b = build("second", { "data/t10k-images.gz": gzipSync("other images"), "models/a.safetensors": "other weights" });
  browser.network = a.served;
  const [of_a, of_b] = [browser.start(a), browser.start(b)];
  await of_a.install();
  browser.network = b.served;
  // Not kept yet, and the server has another one.
  await assert.rejects((await of_a.ask(`data/t10k-images.gz?v=${a.version}`)).arrayBuffer(), /another build/);
  browser.asked = [];
  await of_b.install();
  assert.deepEqual(browser.asked.sort(), ["index.html", "models/a.safetensors", "start.js"], "what is the same is not fetched again");
  browser.locks.add(`threadcount ${scope} ${a.version}`);
  await of_b.activate();
  // A page of the first build is open still.
  assert.equal(await text(of_b.ask(`models/a.safetensors?v=${a.version}`)), "weights");
  assert.equal(await text(of_b.ask(`models/a.safetensors?v=${b.version}`)), "other weights");
  browser.locks.clear();
  await of_b.activate();
  assert.equal((await of_b.ask(`models/a.safetensors?v=${a.version}`)).status, 409);
});

test("a build whose files do not arrive as they were made is not installed", async () => {
  const browser = new Browser();
  const a = build("whole");
  browser.network = { ...a.served, "models/a.safetensors": "damaged" };
  await assert.rejects(browser.start(a).install(), /another build/);
  browser.network = { ...a.served, "start.js": undefined };
  await assert.rejects(browser.start(a).install(), /404/);
  // An old file in the browser's own cache is asked for again; a server may unpack what is packed.
  browser.ownCache = { "models/a.safetensors": "old" };
  browser.network = { ...a.served, "data/v1k.gz": Buffer.from("validation") };
  const worker = browser.start(a);
  await worker.install();
  assert.equal(await text(worker.ask(`models/a.safetensors?v=${a.version}`)), "weights");
});

test("a visitor who saves data fetches the page alone, and keeps what is here already", async () => {
  const browser = new Browser();
  const a = build("sparing");
  Object.assign(browser, { network: a.served, ownCache: { "start.js": a.served["start.js"] }, saveData: true });
  const worker = browser.start(a);
  await worker.install();
  assert.deepEqual(browser.asked, ["index.html"]);
  assert.equal((await worker.state()).complete, false);
  assert.equal(await text(worker.ask(`models/a.safetensors?v=${a.version}`)), "weights", "a page's own wish");
  await text(worker.ask(`data/v1k.gz?v=${a.version}`));
  assert.equal((await worker.state()).complete, true);
});

test("what is not of the page is left to the browser, and so is everything once what was kept is gone", async () => {
  const { browser, a, worker } = await installed("gone");
  const foreign = [worker.ask("https://other.example/x?v=1"), worker.ask("threadcount.html", { mode: "navigate" }), worker.ask("start.js"), worker.ask(`start.js?v=${a.version}`, { method: "HEAD" })];
  assert.deepEqual(await Promise.all(foreign), Array(4).fill("passed"));
  browser.kept.clear();
  browser.asked = [];
  await text(worker.ask(`start.js?v=${a.version}`));
  await text(worker.ask("start.js?v=another"));
  assert.deepEqual(browser.asked, ["start.js", "start.js"]);
});

test("an update is whole for a visitor who saves data, too", async () => {
  const { browser } = await installed("before");
  const b = build("after", { "models/a.safetensors": "other weights" });
  Object.assign(browser, { network: b.served, saveData: true, registration: { scope, active: {} }, asked: [] });
  const worker = browser.start(b);
  await worker.install();
  assert.deepEqual(browser.asked.sort(), ["index.html", "models/a.safetensors", "start.js"]);
  browser.network = {};
  assert.equal((await worker.state()).complete, true);
});

test("what a build that waits has kept is not thrown away", async () => {
  const { browser, a, worker } = await installed("active");
  const b = build("waits", { "models/a.safetensors": "other weights" });
  browser.network = b.served;
  await browser.start(b).install();
  browser.registration.waiting = {};
  await worker.activate();
  assert.deepEqual([...browser.kept.keys()], [a.version, b.version].map((version) => `threadcount ${scope} ${version}`));
  browser.registration.waiting = null;
  await worker.activate();
  assert.deepEqual([...browser.kept.keys()], [`threadcount ${scope} ${a.version}`]);
});

test("without room a file is fetched once, and nothing stays", async () => {
  const browser = new Browser();
  const a = build("full");
  Object.assign(browser, { network: a.served, full: true });
  await assert.rejects(browser.start(a).install(), /no room/);
  assert.deepEqual([...browser.kept.keys()], []);
  const { browser: other, a: b, worker } = await installed("full later");
  // Its own list is there already, so the first file is what finds no room.
  other.kept.get(`threadcount ${scope} ${b.version}`).delete(`${scope}start.js`);
  Object.assign(other, { full: true, asked: [] });
  assert.equal((await worker.state()).complete, false);
  assert.ok(other.asked.length <= 1, other.asked.join());
});

test("a page whose files are gone comes from the server again, also when that has another build", async () => {
  const { browser, a, worker } = await installed("lost");
  browser.kept.clear();
  browser.network = { ...a.served, "index.html": "a newer page" };
  assert.equal((await worker.state()).complete, false);
  assert.equal(await text(worker.ask("", { mode: "navigate" })), "a newer page");
});

test("a newer build takes over when the visitor says so", () => {
  const worker = new Browser().start(build("over"));
  assert.deepEqual(worker.said, []);
  worker.tell("take over");
  assert.deepEqual(worker.said, ["skipWaiting"]);
});

test("the version is that of all files", () => {
  const same = [build("same 1").version, build("same 2").version];
  assert.equal(same[0], same[1]);
  assert.notEqual(build("weights", { "models/a.safetensors": "others" }).version, same[0]);
  assert.equal(build("recipes", { "models/recipes/a.toml": "other seed" }).version, same[0]);
});
