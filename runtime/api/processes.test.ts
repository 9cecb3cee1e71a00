import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { canFindProcesses, endProcesses, findProcesses, isAlive, marksInText } from './processes.ts';

let home: string;
const children: ChildProcess[] = [];

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'spell-processes-'));
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

/** A process that says a line once it runs, with just this environment. Its answer is that line. */
async function start(env: Record<string, string>, script: string): Promise<{ pid: number; line: string; child: ChildProcess }> {
  const child = spawn(process.execPath, ['-e', script], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  const [line] = (await once(child.stdout as NodeJS.EventEmitter, 'data')) as [Buffer];
  return { pid: child.pid ?? 0, line: line.toString().trim(), child };
}

const wait = 'console.log("up"); setInterval(() => {}, 1e6)';

test('a process that merely has the same SPELL_HOME is not ours', { skip: !canFindProcesses }, async () => {
  const { pid, child } = await start({ SPELL_HOME: home }, wait);
  assert.deepEqual(await findProcesses(home), []);
  assert.deepEqual(await endProcesses(home), []);
  assert.ok(isAlive(pid));
  child.kill();
});

test('processes are told apart by role, worker and home', { skip: !canFindProcesses }, async () => {
  const gateway = await start({ SPELL_HOME: home, SPELL_PROCESS: 'gateway' }, wait);
  const first = await start({ SPELL_HOME: home, SPELL_WORKER: 'a' }, wait);
  const second = await start({ SPELL_HOME: `${home}/`, SPELL_WORKER: 'b' }, wait);
  const foreign = await start({ SPELL_HOME: `${home}-other`, SPELL_WORKER: 'a' }, wait);
  const pids = async (...args: Parameters<typeof findProcesses>): Promise<number[]> =>
    (await findProcesses(...args)).map(({ pid }) => pid).sort();
  assert.deepEqual(await pids(home), [gateway.pid, first.pid, second.pid].sort());
  assert.deepEqual(await pids(home, { roles: ['gateway'] }), [gateway.pid]);
  assert.deepEqual(await pids(home, { worker: 'b' }), [second.pid]);
  assert.deepEqual(await pids(home, { roles: ['gateway'], pid: first.pid }), []);
  await symlink(home, `${home}-link`);
  assert.equal((await pids(`${home}-link`)).length, 3);
  await rm(`${home}-link`);
  assert.deepEqual(await endProcesses(home, { worker: 'a' }), []);
  assert.deepEqual(await pids(home), [gateway.pid, second.pid].sort());
  assert.ok(isAlive(foreign.pid));
  assert.deepEqual(await endProcesses(home), []);
  foreign.child.kill();
});

test('what a worker started and detached is ended, also when it ignores SIGTERM or lost its environment', {
  skip: !canFindProcesses,
}, async () => {
  const stubborn = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1e6)";
  const script = `
    const { spawn } = require('node:child_process');
    const stubborn = (options) => spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { stdio: ['ignore', 'pipe', 'ignore'], ...options });
    const both = [stubborn({ detached: true }), stubborn({ env: {} })];
    Promise.all(both.map((one) => new Promise((up) => one.stdout.once('data', up)))).then(() => console.log(both.map((one) => one.pid).join(' ')));
    setInterval(() => {}, 1e6);`;
  const worker = await start({ SPELL_HOME: home, SPELL_WORKER: 'w' }, script);
  const started = worker.line.split(' ').map(Number);
  const found = await findProcesses(home, { worker: 'w' });
  assert.deepEqual(found.map(({ pid }) => pid).sort(), [worker.pid, ...started].sort());
  assert.deepEqual(await endProcesses(home, {}, 300), []);
  for (const pid of started) assert.ok(!isAlive(pid), `process ${pid} runs on`);
});

test('the marks are read from the text of `ps -E`, also when a value has spaces', () => {
  const text = ' PATH=/usr/bin:/bin SPELL_HOME=/Users/ada/Library/Application Support/spell SPELL_WORKER=p1/0 LANG=en';
  assert.deepEqual(marksInText(text), { home: '/Users/ada/Library/Application Support/spell', program: undefined, worker: 'p1/0' });
  assert.deepEqual(marksInText(' SPELL_HOME=/a b  '), { home: '/a b', program: undefined, worker: undefined });
});
