// Steps in the background: what has succeeded long ago counts, and what fails ends the script.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

function run(script) {
  const folder = mkdtempSync(join(tmpdir(), 'threadcount-steps-'));
  try {
    cpSync(new URL('steps', import.meta.url), join(folder, 'steps'));
    return spawnSync('bash', ['-c', `set -euo pipefail; . ./steps; ${script}`], { cwd: folder, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a step counts as done though the shell has forgotten its child', () => {
  // As it does when the system gives the process number to another child.
  const { status, stderr } = run('start early 5 true; disown -a; sleep 0.5; finish early');
  assert.equal(status, 0, stderr);
});

test('a step that fails in the middle ends the script and shows its log', () => {
  const { status, stderr, stdout } = run(`step() { echo before; false; echo after; }; start broken 5 step; finish broken; echo reached`);
  assert.equal(status, 1);
  assert.match(stderr, /the step "broken" failed/);
  assert.match(stderr, /before/);
  assert.doesNotMatch(stderr + stdout, /after|reached/);
});
