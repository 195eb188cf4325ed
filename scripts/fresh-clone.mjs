// A folder in the state of a fresh clone, for the tests of scripts that build: no folder that git does not know.
// The programs were compiled by scripts/build before (scripts/test does so); a cargo in front of the real one hands
// them out, since compiling them for another folder would take minutes. Everything else is real.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
/** What scripts/build has compiled. */
export const programs = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "wasm/programs");

/** Make one; `reference` are commands of its cargo before it hands out the program with Burn. */
export function freshClone({ reference = "" } = {}) {
  const temporary = mkdtempSync(join(tmpdir(), "threadcount-clone-"));
  const folder = join(temporary, "clone");
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  for (const file of files.split("\0").filter((name) => /^((src|www|models|scripts|\.cargo)\/.*|[^/]+)$/.test(name))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    try {
      copyFileSync(join(root, file), join(folder, file));
    } catch (error) {
      if (error.code !== "ENOENT") throw error; // deleted, which is not committed yet
    }
  }
  cpSync(programs, join(folder, "target/wasm/programs"), { recursive: true, filter: (path) => !/\/(lock|index\.html|ready\.json)$/.test(path) });
  // The scripts put CARGO_HOME/bin first.
  const bin = join(temporary, "cargo/bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "cargo"), `#!/usr/bin/env bash
set -euo pipefail
[ "$1" = build ] || { echo cargo 1; exit; }
out=$CARGO_TARGET_DIR/wasm32-unknown-unknown/release
mkdir -p "$out"
previous='' relaxed=''
case "\${RUSTC_WORKSPACE_WRAPPER-}" in */relaxed-rustc) relaxed=-relaxed ;; esac
for argument in "$@"; do
  if [ "$previous" = --bin ]; then
    if [ "$argument" = reference ]; then :; ${reference || ":"}; fi
    cp "${programs}/$argument$relaxed.wasm" "$out/$argument.wasm"
  fi
  previous=$argument
done
`);
  chmodSync(join(bin, "cargo"), 0o755);
  const { NO_COLOR, CARGO_TARGET_DIR, ...environment } = process.env; // Trunk 0.21 stops on NO_COLOR=1
  // The project's own tools, which scripts/install may have put there.
  const tools = [join(root, "target/tools/bin"), join(root, "target/tools/node_modules/.bin"), join(process.env.CARGO_HOME ?? join(process.env.HOME, ".cargo"), "bin")];
  return {
    folder,
    environment: { ...environment, CARGO_HOME: join(temporary, "cargo"), PATH: [bin, ...tools, process.env.PATH].join(":") },
    remove: () => rmSync(temporary, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  };
}

/** A port that nothing listens on. */
export const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Ask until the answer is true; fails after a minute, or when the process that should give it has ended. */
export async function eventually(what, child, ask) {
  const end = Date.now() + 60_000;
  for (;;) {
    const answer = await Promise.resolve().then(ask).catch(() => null);
    if (answer) return answer;
    if (child.exitCode !== null || Date.now() > end) throw new Error(`no ${what}; exit code ${child.exitCode}: ${child.said}`);
    await new Promise((later) => setTimeout(later, 200));
  }
}
