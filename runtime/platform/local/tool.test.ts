import assert from 'node:assert/strict';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findProcesses, isAlive } from '../../api/processes.ts';
import { runTool } from './tool.ts';

let home: string;
const never = new AbortController().signal;

before(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'spell-tool-')));
});
after(() => rm(home, { recursive: true, force: true }));

const env = (): Record<string, string> => ({ PATH: process.env.PATH ?? '', SPELL_HOME: home });

test('a tool has only the environment it is given, and its lines go to the caller and to the log', async () => {
  process.env.SPELL_TOOL_TEST = 'leaked';
  const seen: string[] = [];
  const logFile = join(home, 'tool.log');
  const script = 'echo out; echo err >&2; env | grep -c SPELL_TOOL_TEST';
  const end = await runTool({
    command: ['/bin/sh', '-c', script],
    cwd: home,
    env: env(),
    signal: never,
    logFile,
    onLine: (line) => seen.push(line),
  });
  delete process.env.SPELL_TOOL_TEST;
  assert.equal(end.status, 1);
  // Two pipes: what comes over one of them keeps its order.
  assert.deepEqual([...end.lines].sort(), ['0', 'err', 'out']);
  assert.deepEqual(seen, end.lines);
  assert.equal(await readFile(logFile, 'utf8'), `${end.lines.join('\n')}\n`);
});

test('a program that does not exist is said, not thrown', async () => {
  const end = await runTool({ command: [join(home, 'nothing')], cwd: home, env: env(), signal: never });
  assert.equal(end.status, null);
  assert.match(end.error?.message ?? '', /ENOENT/);
});

test('an abort ends the tool with what it started; while it runs it is found by its mark', async () => {
  const wanted = new AbortController();
  const pids: number[] = [];
  const told = Promise.withResolvers<void>();
  const running = runTool({
    command: ['/bin/sh', '-c', 'sleep 1000 & echo $!; echo $$; wait'],
    cwd: home,
    env: env(),
    signal: wanted.signal,
    onLine: (line) => {
      if (pids.push(Number(line)) === 2) told.resolve();
    },
  });
  await told.promise;
  let marked: number[] = [];
  // What is just becoming `sleep` has no environment for a moment.
  while (marked.length < 2) marked = (await findProcesses(home, { roles: ['tool'] })).map(({ pid }) => pid);
  assert.deepEqual(marked.sort(), pids.sort());
  wanted.abort(new Error('not wanted'));
  await assert.rejects(running, { message: 'not wanted' });
  assert.deepEqual(pids.filter(isAlive), []);
  await assert.rejects(runTool({ command: ['/bin/true'], cwd: home, env: env(), signal: wanted.signal }), { message: 'not wanted' });
});
