// `trunk serve --config trunk.toml` on a fresh clone: it builds, serves, and builds again after a change.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, freePort, freshClone, programs } from "./fresh-clone.mjs";

test("trunk serve builds, serves and builds again after a change", { timeout: 180_000 }, async (context) => {
  const clone = freshClone();
  const port = await freePort();
  const trunk = spawn("trunk", ["serve", "--config", "trunk.toml", "--port", String(port)], {
    cwd: clone.folder, env: clone.environment, detached: true, stdio: ["ignore", "pipe", "pipe"],
  });
  context.after(() => {
    // The whole group, since Trunk's hook may be running.
    try { process.kill(-trunk.pid); } catch { /* it has ended */ }
    clone.remove();
  });
  trunk.said = "";
  for (const stream of [trunk.stdout, trunk.stderr]) stream.on("data", (text) => { trunk.said = (trunk.said + text).slice(-4000); });
  const base = `http://127.0.0.1:${port}`;
  // Trunk answers with the page for what it does not have.
  const text = async (file) => {
    const response = await fetch(`${base}/${file}`);
    return response.ok && !(file && response.headers.get("content-type").startsWith("text/html")) && response.text();
  };

  const page = await eventually("page", trunk, () => text(""));
  assert.match(page, /<canvas id="drawing"/);
  assert.match(page, /page\.js\?v=[0-9a-f]{12}"/, "the version of the build stands in the files' addresses");
  assert.doesNotMatch(page, /Content-Security-Policy/, "Trunk's own script reloads the page");
  assert.match(await text("service-worker.js"), /unregister/, "no page is kept while it is developed");
  for (const name of ["page", "worker", "worker-relaxed", "decoder", "reference"]) {
    const bytes = new Uint8Array(await (await fetch(`${base}/${name}_bg.wasm`)).arrayBuffer());
    assert.deepEqual(bytes, new Uint8Array(readFileSync(join(programs, name, "files", `${name}_bg.wasm`))));
    assert.deepEqual([...bytes.slice(0, 4)], [0, 97, 115, 109], `${name} is a wasm program`);
  }
  assert.equal(await text("reference.json"), '{"state":"ready"}\n');

  appendFileSync(join(clone.folder, "www/style.css"), "\n.changed-by-the-test { color: red; }\n");
  await eventually("changed style", trunk, async () => (await text("style.css")).includes("changed-by-the-test"));
  const version = (html) => /style\.css\?v=([0-9a-f]+)/.exec(html)[1];
  const rebuilt = await eventually("rebuilt page", trunk, () => text(""));
  assert.notEqual(version(rebuilt), version(page), "the rebuilt page names another version");
});
