import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { readGatewayRecord, writeGatewayRecord } from './gateway-record.ts';
import { canFindProcesses, isAlive } from './processes.ts';
import { sweepHome } from './sweep.ts';

test('a home is swept of its processes, its sockets and the folder that was made for one; its state stays', {
  skip: !canFindProcesses,
}, async (t) => {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'spell-sweep-')));
  const folder = await mkdtemp(join(tmpdir(), 'spell-socket-'));
  const children: ChildProcess[] = [];
  t.after(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const left of [home, folder]) await rm(left, { recursive: true, force: true });
  });
  const adminSocket = join(folder, 'g.sock');
  await writeGatewayRecord(home, { adminSocket, ownFolder: true, pid: 1, url: null });
  await writeFile(join(home, 'spelld.json'), '{}');
  await writeFile(join(home, 'state.db'), 'state');
  for (const mark of [{ SPELL_PROCESS: 'gateway' }, { SPELL_PROCESS: 'spelld' }, { SPELL_PROCESS: 'tool' }, { SPELL_WORKER: 'w' }, {}]) {
    const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e6)'], {
      env: { SPELL_HOME: home, ...mark },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    await once(child.stdout as NodeJS.EventEmitter, 'data');
  }
  await writeFile(adminSocket, '');
  const { found, left } = await sweepHome(home);
  assert.deepEqual([found.length, left], [4, []]);
  assert.deepEqual(
    children.map(({ pid }) => isAlive(pid ?? 0)),
    [false, false, false, false, true],
    'a process with the home alone is not ours',
  );
  assert.equal(await readGatewayRecord(home), undefined);
  await assert.rejects(stat(dirname(adminSocket)), { code: 'ENOENT' });
  assert.deepEqual((await readdir(home)).sort(), ['local', 'state.db']);
});
