// scripts/install, scripts/serve and scripts/test on machines that lack something. The machines are folders of
// programs that print what the real ones would and write down how they were called.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const root = new URL("..", import.meta.url).pathname;
const bindgen = /name = "wasm-bindgen"\nversion = "(.*)"/.exec(readFileSync(join(root, "Cargo.lock"), "utf8"))[1];
const pinned = (name) => new RegExp(`^${name}=(.*)$`, "m").exec(readFileSync(join(root, "scripts/install"), "utf8"))[1];
const rust = /^channel = "(.*)"$/m.exec(readFileSync(join(root, "rust-toolchain.toml"), "utf8"))[1];
const packages = { "axe-core": pinned("AXE"), "puppeteer-core": pinned("PUPPETEER") };
const temporary = mkdtempSync(join(tmpdir(), "threadcount-install-"));
after(() => rmSync(temporary, { recursive: true }));

const system = ["bash", "sh", "env", "awk", "sed", "grep", "cut", "cat", "dirname", "mkdir", "rm", "tail", "getconf", "sleep", "tr", "cksum", "kill", "head", "find", "cmp", "mktemp"];
const wasm = "lib/rustlib/wasm32-unknown-unknown";
/** What a program prints, as a shell script that also writes down its call. */
const tools = {
  id: "echo 0", cc: "", npm: "", chromium: "", chromedriver: "", firefox: "", cargo: "", "clippy-driver": "",
  rustup: `mkdir -p "$MACHINE/sysroot/${wasm}"; : >"$MACHINE/rust"`,
  node: "echo v20.1.0", rustc: `case "$*" in *sysroot) echo "$MACHINE/sysroot";; *) echo "rustc ${rust} (0123456 2026-01-01)";; esac`, "wasm-opt": "echo wasm-opt version 132", "wasm-bindgen": `echo wasm-bindgen ${bindgen}`,
  "wasm-bindgen-test-runner": `echo wasm-bindgen-test-runner ${bindgen}`, trunk: "echo trunk 0.21.14",
};
let count = 0;

/** A machine with all tools but some, and with others in place of some. */
function machine({ without = [], and = {} } = {}) {
  const folder = join(temporary, String(count++));
  const bin = join(folder, "bin");
  mkdirSync(join(folder, "project"), { recursive: true });
  mkdirSync(bin);
  for (const name of system) symlinkSync(execFileSync("bash", ["-c", `type -P ${name}`], { encoding: "utf8" }).trim(), join(bin, name));
  for (const file of ["scripts", "Cargo.lock", "rust-toolchain.toml"]) cpSync(join(root, file), join(folder, "project", file), { recursive: true });
  for (const [name, version] of Object.entries(packages).filter(([name]) => !without.includes(name))) {
    const installed = join(folder, "project/target/tools/node_modules", name);
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, "package.json"), `{\n  "version": "${version}"\n}\n`);
  }
  if (!without.includes("wasm32")) mkdirSync(join(folder, "sysroot", wasm), { recursive: true });
  const put = (name, body) => {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >>"$MACHINE/calls"\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  for (const [name, body] of Object.entries({ ...tools, ...and })) if (!without.includes(name)) put(name, body);
  const run = (script, ...options) => {
    const result = spawnSync(join(folder, "project", "scripts", script), options, {
      encoding: "utf8", env: { PATH: bin, HOME: folder, CARGO_HOME: join(folder, "cargo"), MACHINE: folder, TMPDIR: folder },
    });
    assert.doesNotMatch(result.stderr, /command not found|No such file|unbound variable|syntax error/);
    const calls = existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8") : "";
    return { ...result, calls };
  };
  return { run };
}
const apt = (tool) => ({ "apt-get": `case "$*" in *install*) printf '#!/bin/sh\\necho v20.1.0\\n' >"$MACHINE/bin/${tool}"; /bin/chmod +x "$MACHINE/bin/${tool}";; esac` });

test("nothing is installed where nothing is missing", () => {
  const { status, calls, stdout } = machine().run("install");
  assert.equal(status, 0);
  assert.doesNotMatch(calls, /install/);
  assert.equal(stdout, "");
});

for (const [tool, brew, dnf] of [
  ["cc", /xcode-select --install/, /dnf install gcc/], ["node", /brew install node/, /dnf install nodejs npm/], ["npm", /brew install node/, /dnf install npm/],
  ["chromium", /brew install --cask chromium/, /dnf install chromium/], ["chromedriver", /brew install chromedriver/, /dnf install chromedriver/],
  ["firefox", /brew install --cask firefox/, /dnf install firefox/],
]) {
  test(`without ${tool} and without apt, it is said how to get it`, () => {
    const { status, stderr } = machine({ without: [tool] }).run("install");
    assert.equal(status, 1);
    assert.match(stderr, brew);
    assert.match(stderr, dnf);
  });
  test(`without ${tool} and with apt, it is installed`, () => {
    const { status, calls, stderr } = machine({ without: [tool], and: apt(tool) }).run("install");
    assert.equal(status, 0, stderr);
    assert.match(calls, /apt-get install/);
  });
}

for (const [name, version] of Object.entries(packages)) {
  test(`without ${name}, npm gets it`, () => {
    const { status, calls } = machine({ without: [name] }).run("install");
    assert.equal(status, 0);
    assert.ok(calls.includes(`npm install --prefix target/tools --silent --no-audit --no-fund ${name}@${version}`), calls);
  });
}

test("all that is missing is said at once", () => {
  const { stderr } = machine({ without: ["cargo", "cc", "node", "npm"] }).run("install");
  for (const part of [/rustup\.rs/, /Node\.js 18/, / cc\n/, / npm\n/]) assert.match(stderr, part);
});

test("a Node.js that is too old is as none", () => {
  assert.match(machine({ and: { node: "echo v16.20.2" } }).run("install", "base").stderr, /Node\.js 18 or newer/);
});

test("without rights and without sudo, apt's command is said", () => {
  const { status, stderr } = machine({ without: ["cc"], and: { ...apt("cc"), id: "echo 1000" } }).run("install", "base");
  assert.equal(status, 1);
  assert.match(stderr, /apt-get install gcc/);
});

/** What a machine has in place of a part of Rust, until rustup has brought it; and what is said to be missing. */
const lacking = (otherwise) => `[ -e "$MACHINE/rust" ] || { ${otherwise}; }\n`;
for (const [part, without, and, said] of [
  ["the library for wasm", ["wasm32"], {}, /the library for wasm32-unknown-unknown/],
  ["rustfmt", [], { cargo: lacking('[ "$1" != fmt ] || exit 1') }, /rustfmt \(cargo fmt\)/],
  ["Clippy", [], { "clippy-driver": lacking("exit 1") }, /Clippy \(clippy-driver\)/],
  ["this version of rustc", [], { rustc: lacking('[ "$1" != --version ] || { echo "rustc 1.60.0 (0123456 2022-01-01)"; exit; }') + tools.rustc }, /rustc 1\.\d+\.\d+ \(found: 1\.60\.0\)/],
]) {
  test(`without ${part}, rustup brings it; without rustup, it is said how to get it`, () => {
    const installed = machine({ without, and }).run("install", "base");
    assert.equal(installed.status, 0, installed.stderr);
    assert.match(installed.calls, /rustup toolchain install 1\.\d+\.0 .*--component clippy --component rustfmt --target wasm32/);
    const { status, stderr } = machine({ without: [...without, "rustup"], and }).run("install", "base");
    assert.equal(status, 1);
    for (const line of [said, /macOS: brew install rustup/, /Fedora: dnf install rustup/]) assert.match(stderr, line);
    assert.equal(stderr.match(/^  \S/gm).length, 1, "nothing else is said to be missing");
    const other = machine({ without, and: { ...and, rustup: "" } }).run("install", "base");
    assert.equal(other.status, 1, "rustup has brought it, and another Rust comes first");
    assert.match(other.stderr, said);
  });
}

test("a missing tool is compiled; one of another version stays beside it", () => {
  const missing = machine({ without: ["wasm-bindgen", "trunk", "wasm-opt"] }).run("install", "page", "trunk");
  assert.match(missing.calls, new RegExp(`cargo install wasm-bindgen-cli --version =${bindgen}`));
  assert.match(missing.calls, /cargo install trunk --version =0\.21\.14/);
  assert.match(missing.calls, /npm install --prefix target\/tools .*binaryen@132/);
  assert.doesNotMatch(missing.calls, /--root/);
  const other = machine({ and: { "wasm-bindgen": "echo wasm-bindgen 0.2.1" } }).run("install", "page");
  assert.match(other.calls, /--root target\/tools/);
});

test("--check installs nothing", () => {
  for (const without of ["cc", "cargo", "clippy-driver", "wasm-bindgen", "wasm-opt", "trunk", "chromium", "wasm32"]) {
    const { status, calls } = machine({ without: [without], and: { "apt-get": "" } }).run("install", "--check");
    assert.equal(status, 1, without);
    assert.doesNotMatch(calls, /install/);
  }
});

for (const tool of ["cargo", "node", "cc"]) {
  test(`scripts/build, scripts/serve and scripts/test say that ${tool} is missing`, () => {
    for (const script of ["build", "serve", "test"]) {
      const { status, stderr } = machine({ without: [tool] }).run(script);
      assert.equal(status, 1, script);
      assert.match(stderr, /threadcount needs what this machine lacks/);
    }
  });
}

test("wrong options are answered with the usage", () => {
  for (const [script, option] of [["install", "tools"], ["build", "--fast"], ["serve", "--open"]]) {
    const { status, stderr } = machine().run(script, option);
    assert.equal(status, 2);
    assert.match(stderr, /^usage: scripts\//);
  }
  assert.match(machine().run("serve", "--port", "x").stderr, /--port takes a number/);
});
