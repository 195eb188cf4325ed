// `trunk serve --config trunk.toml` in a state like a fresh clone's: no folder that git does not know. The programs
// were compiled by scripts/build before (scripts/test does so); a cargo in front of the real one hands them out, since
// compiling them for another folder would take minutes. Everything else is real: Trunk, its hook, the recipe.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";

const root = new URL("..", import.meta.url).pathname;
const programs = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "wasm/programs");
const temporary = mkdtempSync(join(tmpdir(), "threadcount-trunk-"));
const clone = join(temporary, "clone");
let trunk;
after(() => {
  // A group, since Trunk's hook may be running.
  try { process.kill(-trunk.pid); } catch { /* it has ended */ }
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
});

function prepare() {
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  for (const file of files.split("\0").filter((name) => /^(src|www|models|scripts|\.cargo)\/|^[^/]*$/.test(name) && name)) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    try { copyFileSync(join(root, file), join(clone, file)); } catch (error) { if (error.code !== "ENOENT") throw error; } // deleted, not committed
  }
  cpSync(programs, join(clone, "target/wasm/programs"), { recursive: true, filter: (path) => !path.endsWith("/lock") });
  const bin = join(temporary, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "cargo"), `#!/usr/bin/env bash
set -euo pipefail
out=$CARGO_TARGET_DIR/wasm32-unknown-unknown/release
mkdir -p "$out"
relaxed=; [ -z "\${RUSTC_WORKSPACE_WRAPPER:-}" ] || relaxed=-relaxed
previous=
for argument in "$@"; do
  [ "$previous" != --bin ] || cp "${programs}/$argument$relaxed.wasm" "$out/$argument.wasm"
  previous=$argument
done
[ "$1" = build ] || echo cargo 1
`);
  chmodSync(join(bin, "cargo"), 0o755);
  return bin;
}

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Ask until the answer is as wanted; it fails after a minute, or when Trunk has ended. */
async function eventually(what, ask) {
  const end = Date.now() + 60_000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer) return answer;
    assert.equal(trunk.exitCode, null, `trunk ended before there was ${what}: ${trunk.said}`);
    assert.ok(Date.now() < end, `no ${what} in a minute: ${trunk.said}`);
    await new Promise((later) => setTimeout(later, 200));
  }
}

test("trunk serve builds, serves and builds again after a change", { timeout: 180_000 }, async () => {
  const bin = prepare();
  const port = await freePort();
  const { NO_COLOR, CARGO_TARGET_DIR, ...environment } = process.env; // Trunk 0.21 stops on NO_COLOR=1
  // The project's own tools first, which scripts/install may have put there; then the cargo of this test.
  const path = [join(root, "target/tools/bin"), join(root, "target/tools/node_modules/.bin"), process.env.PATH];
  const home = join(temporary, "cargo"); // scripts put CARGO_HOME/bin first
  mkdirSync(home);
  cpSync(bin, join(home, "bin"), { recursive: true });
  trunk = spawn("trunk", ["serve", "--config", "trunk.toml", "--port", String(port)], {
    cwd: clone, detached: true, stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment, CARGO_HOME: home, PATH: path.join(":") },
  });
  trunk.said = "";
  for (const stream of [trunk.stdout, trunk.stderr]) stream.on("data", (text) => { trunk.said = (trunk.said + text).slice(-4000); });
  const base = `http://127.0.0.1:${port}`;
  const text = async (file) => {
    const response = await fetch(`${base}/${file}`);
    return response.ok && !(file && response.headers.get("content-type").startsWith("text/html")) && response.text();
  };

  const page = await eventually("a page", () => text(""));
  assert.match(page, /<canvas id="drawing"/);
  assert.match(page, /page\.js\?v=\d+-\d+/, "the version of the files stands in their addresses");
  for (const name of ["page", "worker", "worker-relaxed", "decoder", "reference"]) {
    const file = `${name}_bg.wasm`;
    const bytes = new Uint8Array(await (await fetch(`${base}/${file}`)).arrayBuffer());
    assert.ok(WebAssembly.validate(bytes) || name === "worker-relaxed", `${file} is a program`);
    assert.deepEqual(bytes, new Uint8Array(readFileSync(join(programs, name, "files", file))));
  }
  assert.equal(await text("reference.json"), '{"state":"ready"}\n');

  writeFileSync(join(clone, "www/style.css"), `${readFileSync(join(clone, "www/style.css"), "utf8")}\n.changed-by-the-test { color: red; }\n`);
  await eventually("the changed style", async () => (await text("style.css")).includes("changed-by-the-test"));
  const rebuilt = await eventually("the rebuilt page", () => text(""));
  assert.notEqual(/style\.css\?v=([\d-]+)/.exec(rebuilt)[1], /style\.css\?v=([\d-]+)/.exec(page)[1], "and it names the new version");
});
