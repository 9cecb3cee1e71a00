import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { chooseRuntime, type NodeRuntime, type ProbeResult, probeRuntime } from './node-runtime.ts';

/** A machine on which only some programs can run a control plane. */
function machine(usable: readonly string[], chosen = ''): Parameters<typeof chooseRuntime>[0] & { probed: string[] } {
  const probed: string[] = [];
  return {
    chosen,
    path: ['/a', 'relative', '/b', '/a'].join(delimiter),
    ownRuntime: '/editor',
    platform: 'linux',
    probed,
    probe: async ({ node }: NodeRuntime): Promise<ProbeResult> => {
      probed.push(node);
      return usable.includes(node) ? { usable: true } : { usable: false, why: node === '/a/node' ? '' : 'too old' };
    },
  };
}

test("a Node on PATH is taken before the editor's own runtime, and no relative folder is looked into", async () => {
  const both = machine(['/b/node', '/editor']);
  assert.deepEqual(await chooseRuntime(both), { node: '/b/node', env: {} });
  assert.deepEqual(both.probed, ['/a/node', '/b/node']);
  assert.deepEqual(await chooseRuntime(machine(['/editor'])), { node: '/editor', env: { ELECTRON_RUN_AS_NODE: '1' } });
});

test('the one that somebody chose is taken or refused by its name; no other is looked for', async () => {
  const good = machine(['/mine', '/b/node'], '/mine');
  assert.equal((await chooseRuntime(good)).node, '/mine');
  const bad = machine(['/b/node'], '/mine');
  await assert.rejects(chooseRuntime(bad), { code: 'start-failed', message: /nodePath names \/mine.*too old/ });
  assert.deepEqual(bad.probed, ['/mine']);
});

test('with none the error names what was tried and what to do', async () => {
  await assert.rejects(chooseRuntime(machine([])), { message: /\/b\/node: too old; \/editor: too old/, hint: /Node 22\.16.*nodePath/ });
});

test('a real probe: this Node can, a missing program and one that is none cannot', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spell-probe-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const old = join(folder, 'old');
  await writeFile(old, '#!/bin/sh\nprintf 18.2.0\n', { mode: 0o755 });
  const broken = join(folder, 'broken');
  await writeFile(broken, '#!/bin/sh\necho "Error: No such built-in module: node:sqlite" >&2\nexit 1\n', { mode: 0o755 });
  assert.deepEqual(await probeRuntime({ node: process.execPath, env: {} }), { usable: true });
  assert.deepEqual(await probeRuntime({ node: join(folder, 'missing'), env: {} }), { usable: false, why: '' });
  if (process.platform === 'win32') return;
  assert.match(JSON.stringify(await probeRuntime({ node: old, env: {} })), /Node 18\.2\.0, and 22\.16 is needed/);
  assert.match(JSON.stringify(await probeRuntime({ node: broken, env: {} })), /No such built-in module: node:sqlite/);
});
