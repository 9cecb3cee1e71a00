import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findCgroupPlace } from './cgroup-places.ts';

/** A folder with these files, as a kernel would show them. */
async function tree(context: { after(clean: () => Promise<void>): void }, files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'spell-cgroup-'));
  context.after(() => rm(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

test('version 2: the nearest group upwards that hands memory and CPU on, since one with processes cannot', async (context) => {
  const user = 'user.slice/user@1000.service';
  const root = await tree(context, {
    'cgroup.controllers': 'cpu io memory pids',
    'cgroup.subtree_control': 'cpu memory',
    'cgroup.procs': '',
    [`${user}/cgroup.subtree_control`]: 'cpu memory pids',
    [`${user}/cgroup.procs`]: '',
    [`${user}/app.slice/cgroup.subtree_control`]: 'memory pids',
    [`${user}/app.slice/cgroup.procs`]: '',
    [`${user}/app.slice/editor.scope/cgroup.subtree_control`]: '',
    [`${user}/app.slice/editor.scope/cgroup.procs`]: '4711',
  });
  const own = `0::/${user}/app.slice/editor.scope\n`;
  assert.deepEqual(await findCgroupPlace(root, own), { version: 2, folder: join(root, user) });
});

test('version 2 without a group that hands both on: the reason', async (context) => {
  const root = await tree(context, {
    'cgroup.controllers': 'memory',
    'app/cgroup.subtree_control': 'memory',
    'app/cgroup.procs': '',
  });
  assert.match(String(await findCgroupPlace(root, '0::/app\n')), /no control group above .*app hands memory and CPU on to this user/);
});

test("version 1: a folder for each controller, below the process's own group, also where controllers share one line", async (context) => {
  const root = await tree(context, { 'memory/box/cgroup.procs': '', 'cpu/cgroup.procs': '' });
  const own = '9:name=systemd:/\n4:memory:/box\n1:cpu,cpuacct:/\n0::/\n';
  assert.deepEqual(await findCgroupPlace(root, own), { version: 1, memory: join(root, 'memory/box'), cpu: join(root, 'cpu') });
});

test('a controller that is missing, or not ours to write: the reason', async (context) => {
  const root = await tree(context, { 'cpu/cgroup.procs': '' });
  assert.equal(await findCgroupPlace(root, '1:cpu:/\n'), 'this system has no control groups for memory and CPU');
  assert.match(String(await findCgroupPlace(root, '1:cpu:/\n4:memory:/gone\n')), /memory\/gone is not this user's to write/);
});
