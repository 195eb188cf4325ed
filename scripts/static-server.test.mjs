// Tests of static-server.mjs: node --test scripts/static-server.test.mjs
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serve } from "./static-server.mjs";

let outside, server, isolated;

before(async () => {
  outside = await mkdtemp(join(tmpdir(), "threadcount-server-"));
  const folder = join(outside, "served");
  await mkdir(join(folder, "models", ".cache"), { recursive: true });
  await writeFile(join(outside, "secret.txt"), "secret");
  await writeFile(join(folder, ".env"), "secret");
  await writeFile(join(folder, "models", ".cache", "x.json"), "secret");
  await writeFile(join(folder, "index.html"), "<p>page");
  await writeFile(join(folder, "worker.wasm"), "wasm");
  await writeFile(join(folder, "with space.css"), "p {}");
  await symlink(join(outside, "secret.txt"), join(folder, "link.txt"));
  const listen = (options) => new Promise((resolve) => {
    const started = serve(folder, options).listen(0, "127.0.0.1", () => resolve(started));
  });
  [server, isolated] = [await listen(), await listen({ isolated: true })];
});

after(async () => {
  server.close();
  isolated.close();
  await rm(outside, { recursive: true });
});

/** Status, headers and body of a request whose path is sent as it is written, not tidied up by a client. */
function ask(path, { method = "GET", of = server } = {}) {
  return new Promise((resolve, reject) => {
    const socket = connect(of.address().port, "127.0.0.1", () => {
      socket.write(`${method} ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
    });
    let text = "";
    socket.on("data", (chunk) => (text += chunk));
    socket.on("error", reject);
    socket.on("end", () => {
      const [head, body] = text.split("\r\n\r\n");
      const [status, ...lines] = head.split("\r\n");
      const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(": ")));
      resolve({ status: Number(status.split(" ")[1]), headers, body });
    });
  });
}

for (const [path, type, body] of [
  ["/", "text/html; charset=utf-8", "<p>page"],
  ["/index.html?v=1", "text/html; charset=utf-8", "<p>page"],
  ["/worker.wasm", "application/wasm", "wasm"],
  ["/with%20space.css", "text/css", "p {}"],
]) {
  test(`GET ${path} gets the file`, async () => {
    const answer = await ask(path);
    assert.deepEqual([answer.status, answer.headers["content-type"], answer.body], [200, type, body]);
    assert.equal(answer.headers["x-content-type-options"], "nosniff");
  });
}

for (const path of [
  "/%E0", "/%", "/%00", "/absent", "/models", "/models/", "/.env", "/%2eenv", "/models/.cache/x.json", "/..", "/../secret.txt",
  "/%2e%2e/secret.txt", "/models/../../secret.txt", "/..%2fsecret.txt", "/..%5csecret.txt", "//etc/passwd", "/link.txt", "http://x/../secret.txt", "*",
]) {
  test(`GET ${path} gets 404`, async () => {
    const answer = await ask(path);
    assert.equal(answer.status, 404);
    assert.equal(answer.headers["x-content-type-options"], "nosniff");
    assert.ok(!answer.body.includes("secret"));
  });
}

test("HEAD gets the headers alone", async () => {
  const answer = await ask("/index.html", { method: "HEAD" });
  assert.deepEqual([answer.status, answer.headers["content-length"], answer.body], [200, "7", ""]);
});

for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
  test(`${method} gets 405`, async () => {
    const answer = await ask("/", { method });
    assert.deepEqual([answer.status, answer.headers.allow], [405, "get, head"]);
  });
}

test("only an isolated server sends the headers of isolation", async () => {
  const headers = async (of) => (await ask("/", { of })).headers["cross-origin-opener-policy"];
  assert.deepEqual([await headers(server), await headers(isolated)], [undefined, "same-origin"]);
});
