import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Status } from '../../runtime/api/objects.ts';
import { makeHome } from '../harness/home.ts';
import { type HomeProcess, processesOfHome } from '../harness/processes.ts';
import { endWithUs } from './contestants/program.ts';
import { runSeconds } from './measure/processes.ts';
import { Report } from './measure/report.ts';
import { rounds, span, tell } from './measure/rounds.ts';
import { spellMs } from './measure/spell-command.ts';

// What ten model servers of three pods cost while nobody asks them anything, and how fast one hears of them meanwhile.

const modelServers = 10;
const pods = 3;
/** What a start leaves to do afterwards (compiled code, garbage) is over by then. */
const settleMs = span(15_000);
const watchedMs = span(60_000);
const names = Array.from({ length: modelServers }, (_, index) => `idle-${index}`);
const predictor = `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return payload
`;

const home = await makeHome();
endWithUs(home.home);
await writeFile(join(home.folder, 'predictor.py'), predictor);
for (const name of names) {
  const url = (await home.ok(['server', 'serve', '--name', name, '--min-pods', String(pods), 'predictor.py'])).trim();
  const answer = await fetch(url, { method: 'POST', body: '{}' });
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
}
const { processes } = await home.json<Status>(['status']);
const isControl = ({ pid }: HomeProcess): boolean => pid === processes.spelld;
const isGateway = ({ pid }: HomeProcess): boolean => pid === processes.gateway;
const parts = { spelld: isControl, gateway: isGateway, workers: (one: HomeProcess): boolean => !isControl(one) && !isGateway(one) };

/** Seconds that each part of it has run since it began. */
async function ran(): Promise<Record<string, number>> {
  const all = await processesOfHome(home.home);
  const sum = (some: HomeProcess[]): number => some.reduce((total, { pid }) => total + runSeconds(pid), 0);
  return Object.fromEntries(Object.entries(parts).map(([part, belongs]) => [part, sum(all.filter(belongs))]));
}

tell(`${modelServers} × ${pods} pods stand still for ${(settleMs + watchedMs) / 1000} s`);
await pause(settleMs);
const before = await ran();
const began = performance.now();
await pause(watchedMs);
const after = await ran();
const watchedSeconds = (performance.now() - began) / 1000;
const shares = Object.keys(parts).map((part): [string, number] => [
  part,
  (((after[part] ?? Number.NaN) - (before[part] ?? Number.NaN)) / watchedSeconds) * 100,
]);

const report = new Report('idle');
report.say(`${modelServers} model servers of ${pods} pods each, for ${Math.round(watchedSeconds)} s without a request.`);
report.table(['process', '% of one core'], shares);
report.figure('all processes together', '% of one core', [shares.reduce((sum, [, share]) => sum + share, 0)], { atMost: 5 });
for (const args of [['server', 'list'], ['server', 'describe', names[0] ?? ''], ['events']]) {
  const times: number[] = [];
  for (let round = 0; round < rounds * 3; round++) times.push(await spellMs(home.home, args));
  report.figure(`spell ${args.join(' ')}`, 'ms', times, { atMost: 250 });
}
await home.close();
report.finish();
