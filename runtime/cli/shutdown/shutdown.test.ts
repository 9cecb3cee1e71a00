import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { canFindProcesses, isAlive } from '../../api/processes.ts';
import { fakeControlPlane, makeCommand } from '../testing.ts';

/** A process that carries marks of a home and runs until it is ended, after doing something. */
async function start(context: TestContext, env: Record<string, string>, script = ''): Promise<ChildProcess & { pid: number }> {
  const code = `${script}; console.log('up'); setInterval(() => {}, 1e6)`;
  const child = spawn(process.execPath, ['-e', code], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  context.after(() => child.kill('SIGKILL'));
  await once(child.stdout as NodeJS.EventEmitter, 'data');
  return child as ChildProcess & { pid: number };
}

test('down of nothing is no failure', async (t) => {
  const { spell } = await makeCommand(t);
  assert.deepEqual(await spell(['down']), { status: 0, stdout: '', stderr: 'nothing was running\n' });
});

test('down ends what nobody answers for any more, and removes its sockets and its address', { skip: !canFindProcesses }, async (t) => {
  const { spell, home } = await makeCommand(t);
  await mkdir(join(home, 'local'), { recursive: true });
  const socket = join(home, 'local', 'g.sock');
  const gateway = await start(
    t,
    { SPELL_HOME: home, SPELL_PROCESS: 'gateway' },
    `require('net').createServer().listen(${JSON.stringify(socket)})`,
  );
  const worker = await start(t, { SPELL_HOME: home, SPELL_WORKER: 'a' });
  await writeFile(join(home, 'spelld.json'), '{"apiUrl": "http://127.0.0.1:1"}');
  assert.equal((await spell(['down'])).stderr, 'stopped\n');
  assert.deepEqual(
    [gateway, worker].map(({ pid }) => isAlive(pid)),
    [false, false],
  );
  assert.deepEqual(
    [socket, join(home, 'spelld.json')].map((file) => existsSync(file)),
    [false, false],
  );
});

test('down asks a control plane that answers to end, waits for it, and ends what it left', { skip: !canFindProcesses }, async (t) => {
  const { spell, home } = await makeCommand(t);
  const plane = await fakeControlPlane(t, home);
  const spelld = await start(t, { SPELL_HOME: home, SPELL_PROCESS: 'spelld' });
  const left = await start(t, { SPELL_HOME: home, SPELL_WORKER: 'a' });
  const status = plane.answers['GET /status'] as object;
  Object.assign(plane.answers, {
    'GET /status': { ...status, processes: { spelld: spelld.pid, gateway: null } },
    'POST /shutdown': (_: unknown, response: { writeHead(status: number): { end(): void } }) => {
      response.writeHead(202).end();
      spelld.kill();
    },
  });
  assert.equal((await spell(['down'])).status, 0);
  assert.deepEqual(plane.asked.at(-1), { method: 'POST', path: '/shutdown', body: {} });
  assert.equal(isAlive(left.pid), false);
});

test('--purge asks first, removes all state, and keeps what is not ours', async (t) => {
  const { spell, home } = await makeCommand(t);
  const state = ['state.db', 'state.db-wal', 'state.db.corrupt-1', 'lock.db', 'token', 'contents/ab/cd', 'logs/spelld.log', 'local/code/x'];
  for (const path of state) {
    await mkdir(join(home, path, '..'), { recursive: true });
    await writeFile(join(home, path), '');
  }
  assert.equal((await spell(['down', '--purge'])).status, 2);
  assert.ok(existsSync(join(home, 'state.db')));
  await writeFile(join(home, 'notes.txt'), 'mine');
  assert.match((await spell(['down', '--purge', '--yes'])).stderr, /kept what is not ours: notes\.txt\n$/);
  assert.deepEqual([existsSync(join(home, 'notes.txt')), existsSync(join(home, 'contents'))], [true, false]);
});

test('--purge of a home that is all ours removes the folder', async (t) => {
  const { spell, home } = await makeCommand(t);
  await mkdir(home);
  await writeFile(join(home, 'token'), '');
  assert.equal((await spell(['down', '--purge', '--yes'])).status, 0);
  assert.equal(existsSync(home), false);
});
