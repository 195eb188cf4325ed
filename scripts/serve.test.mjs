// scripts/serve on a fresh clone: the page is served before its program with Burn is there, and reference.json says so.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, freePort, freshClone } from "./fresh-clone.mjs";

/** Start scripts/serve in a clone; `state` asks the server for that of Burn's program. */
async function serve(context, clone) {
  const port = await freePort();
  const server = spawn("scripts/serve", ["--port", String(port)], {
    cwd: clone.folder, env: clone.environment, detached: true, stdio: ["ignore", "pipe", "pipe"],
  });
  server.said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (text) => { server.said = (server.said + text).slice(-4000); });
  const stop = () => new Promise((stopped) => {
    if (server.exitCode !== null || server.signalCode !== null) return stopped();
    server.on("exit", stopped);
    process.kill(-server.pid);
  });
  context.after(async () => { await stop(); clone.remove(); });
  const get = (file) => fetch(`http://127.0.0.1:${port}/${file}`);
  const state = async () => (await (await get("reference.json")).json()).state;
  await eventually("page", server, async () => (await get("")).ok);
  return { server, get, state, stop };
}

test("the page is served while Burn's program is built, which is said; a second run has nothing to do", { timeout: 180_000 }, async (context) => {
  const clone = freshClone({ reference: `until [ -e "$CARGO_TARGET_DIR/go-on" ]; do sleep 0.1; done` });
  const { server, get, state, stop } = await serve(context, clone);
  assert.equal(await state(), "building");
  assert.equal((await get("reference_loader.js")).status, 404);
  assert.equal((await get("page_bg.wasm")).status, 200);
  spawnSync("touch", [join(clone.folder, "target/wasm/go-on")]);
  await eventually("program with Burn", server, async () => await state() === "ready");
  for (const file of ["reference_loader.js", "reference.js", "reference_bg.wasm"]) assert.equal((await get(file)).status, 200, file);
  await stop();

  const second = await serve(context, clone);
  assert.equal(await second.state(), "ready");
  assert.match(second.server.said, /up to date/);
});

test("the page works when Burn's program cannot be built, and that is said", { timeout: 180_000 }, async (context) => {
  const clone = freshClone({ reference: "exit 1" });
  const { server, get, state, stop } = await serve(context, clone);
  await eventually("word", server, async () => await state() === "failed");
  assert.match(server.said, /could not be built/);
  assert.equal((await get("page_bg.wasm")).status, 200);
  await stop();
  assert.ok(!existsSync(join(clone.folder, "target/wasm/programs/lock")), "nothing stands in the way of the next build");
});
