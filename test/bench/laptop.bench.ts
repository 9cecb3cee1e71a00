import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeHome, type TestHome } from '../harness/home.ts';
import { endWithUs } from './contestants/program.ts';
import { memoryMiB } from './measure/processes.ts';
import { Report } from './measure/report.ts';
import { quick, rounds } from './measure/rounds.ts';
import { spellMs } from './measure/spell-command.ts';

// What Spell costs on a laptop: how long one waits for it, and what it keeps. Each figure stands beside its limit.

const spelld = new URL('../../dist/spelld.js', import.meta.url).pathname;
const predictor = `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return payload
`;

/** Spawn to the line in which spelld says that its API answers, in an empty home. */
async function spelldReadyMs(): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'spell-bench-'));
  const began = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', spelld], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, SPELL_HOME: home },
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const told = child.stdio[3];
  if (!told) throw new Error('no pipe');
  const line = await new Promise<string>((resolve) => told.once('data', (data) => resolve(String(data))));
  const { ready } = JSON.parse(line) as { ready: { apiUrl: string } };
  const token = (await readFile(join(home, 'token'), 'utf8')).trim();
  const answer = await fetch(`${ready.apiUrl}/api/v1/status`, { headers: { authorization: `Bearer ${token}` } });
  const took = performance.now() - began;
  if (!answer.ok) throw new Error(`status answered ${answer.status}`);
  await fetch(`${ready.apiUrl}/api/v1/shutdown`, {
    method: 'POST',
    body: '{}',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  await new Promise((resolve) => child.once('exit', resolve));
  await rm(home, { recursive: true, force: true });
  return took;
}

/** What some processes occupy together, shared pages counted once. */
function pssMiB(pids: number[]): number {
  return pids.reduce((sum, pid) => sum + memoryMiB(pid).pss, 0);
}

/** Sends `count` requests over 32 kept-alive connections. */
async function send(url: string, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  let left = count;
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const outgoing = request(url, { method: 'POST', agent, headers: { 'content-length': 2 } }, (answer) => {
        answer.resume().on('end', resolve);
        if (answer.statusCode !== 200) reject(new Error(`answered ${answer.statusCode}`));
      });
      outgoing.on('error', reject);
      outgoing.end('{}');
    });
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      while (left-- > 0) await one();
    }),
  );
  agent.destroy();
}

const report = new Report('laptop');
const starts: number[] = [];
for (let round = 0; round < rounds; round++) starts.push(await spelldReadyMs());
report.figure('spelld, spawn → first answer', 'ms', starts, { atMost: 400 });

/** The command to its first answer, in an empty home: the control plane and the gateway are started, too. */
async function coldServeMs(): Promise<number> {
  const home = await makeHome();
  endWithUs(home.home);
  await writeFile(join(home.folder, 'predictor.py'), predictor);
  const took = await serveMs(home, 'cold', join(home.folder, 'predictor.py'));
  await home.close();
  return took;
}

async function serveMs(home: TestHome, name: string, entrypoint: string): Promise<number> {
  const began = performance.now();
  const url = (await home.ok(['server', 'serve', '--name', name, entrypoint])).trim();
  const answer = await fetch(url, { method: 'POST', body: '{}' });
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
  return performance.now() - began;
}

const colds: number[] = [];
for (let round = 0; round < rounds; round++) colds.push(await coldServeMs());
report.figure('serve with nothing running, command → first answer', 'ms', colds, { atMost: 1_500 });

const home = await makeHome();
endWithUs(home.home);
const project = join(home.folder, 'project');
await mkdir(project);
await writeFile(join(project, 'predictor.py'), predictor);
await home.ok(['up']);
await pause(5_000);
const { processes } = await home.json<{ processes: Record<string, number> }>(['status']);
report.figure('spelld and gateway, idle and fresh, together', 'MiB PSS', [pssMiB(Object.values(processes))], { atMost: 120 });

const serves: number[] = [];
for (let round = 0; round < rounds; round++) serves.push(await serveMs(home, `bench-${round}`, join(project, 'predictor.py')));
report.figure('serve with the control plane up, command → first answer', 'ms', serves, { atMost: 1_500 });

const lists: number[] = [];
for (let round = 0; round < rounds * 3; round++) lists.push(await spellMs(home.home, ['server', 'list']));
report.figure('spell server list', 'ms', lists, { atMost: 250 });

const { url } = await home.json<{ url: string }>(['server', 'describe', 'bench-0']);
await send(`${url}/predict`, quick ? 10_000 : 100_000);
await pause(quick ? 5_000 : 60_000);
report.figure('spelld and gateway, a minute after 100,000 requests', 'MiB PSS', [pssMiB(Object.values(processes))], { atMost: 160 });
await home.close();

report.finish();
