import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeHome } from '../harness/home.ts';
import { processesOfHome } from '../harness/processes.ts';
import { payload } from './contestants/contestant.ts';
import { endWithUs } from './contestants/program.ts';
import { startSpell } from './contestants/spell.ts';
import type { LoadResult } from './load/plan.ts';
import { runLoad } from './load/run-load.ts';
import { cpuMicroseconds } from './measure/processes.ts';
import { median, Report } from './measure/report.ts';
import { quick, rounds, span, tell } from './measure/rounds.ts';

// What happens to requests when a server stops, and when one of its workers is killed; and what an idle one costs.

const inFlight = 32;

/** A batch takes half a second; a file says that one has begun. */
const halfASecond = (begunFile: string): string => `import time

from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payloads):
        open(${JSON.stringify(begunFile)}, "w").close()
        time.sleep(0.5)
        return payloads
`;

interface Stopped {
  answered: number;
  /** From the last answer until no process of the home is left. */
  goneMs: number;
}

/** `spell down` while a batch of 32 runs. */
async function stopRound(): Promise<Stopped> {
  const home = await makeHome();
  endWithUs(home.home);
  try {
    const project = join(home.folder, 'project');
    await mkdir(project);
    const entrypoint = join(project, 'predictor.py');
    const begunFile = join(home.folder, 'begun');
    await writeFile(entrypoint, halfASecond(begunFile));
    // The policy `fixed`, so that all of them are one batch.
    const batches = ['--max-batch-size', String(inFlight), '--request-timeout', '5000'];
    const url = (await home.ok(['server', 'serve', '--name', 'bench', ...batches, entrypoint])).trim();
    const load = runLoad({
      url,
      body: payload,
      loop: { kind: 'waves', connections: inFlight, waves: 1, pauseMs: 0, hangUp: { share: 0, afterMs: 0 } },
    });
    while (!existsSync(begunFile)) await pause(5);
    const [{ answered, lastAnswerAt }, goneAt] = await Promise.all([load, goneOf(home.home), home.ok(['down'])]);
    return { answered, goneMs: goneAt - lastAnswerAt };
  } finally {
    await home.close();
  }
}

/** When the last process of a home was gone, by the clock on the wall. `spell down` itself is one, too, and does not count. */
async function goneOf(home: string): Promise<number> {
  while ((await processesOfHome(home)).some(({ command }) => !command.endsWith(' down'))) await pause(5);
  return Date.now();
}

/** Sixteen clients, two workers, one of which is killed in the middle. */
async function killRound(batched: boolean): Promise<LoadResult> {
  const { gateway, url, body, stop } = await startSpell({ kind: batched ? 'batches' : 'echo' }, { 'num-processes': 2 });
  try {
    const load = runLoad({ url, body, loop: { kind: 'closed', connections: 16, warmupMs: 500, durationMs: 3000 } });
    await pause(2000);
    const [worker] = gateway.observe('bench', 1)?.pods[0]?.workers ?? [];
    if (!worker) throw new Error('there is no worker');
    process.kill(worker.pid, 'SIGKILL');
    return await load;
  } finally {
    await stop();
  }
}

/** Per cent of a core that everything of a home with one server uses. */
async function idlePercent(): Promise<{ percent: number; processes: Record<string, number> }> {
  const home = await makeHome();
  endWithUs(home.home);
  try {
    const entrypoint = join(home.folder, 'predictor.py');
    await writeFile(entrypoint, halfASecond(join(home.folder, 'begun')));
    const url = (await home.ok(['server', 'serve', '--name', 'bench', entrypoint])).trim();
    await fetch(url, { method: 'POST', body: '{}' });
    await pause(span(9_000));
    const processes = await processesOfHome(home.home);
    const before = processes.map(({ pid }) => cpuMicroseconds(pid));
    const began = performance.now();
    await pause(span(30_000));
    const percents = processes.map(({ pid }, index) => (cpuMicroseconds(pid) - (before[index] ?? 0)) / 10 / (performance.now() - began));
    const names = processes.map(({ pid, command }) => [
      `${pid} ${command.split('/').at(-1)}`,
      percents[processes.findIndex((one) => one.pid === pid)] ?? 0,
    ]);
    return { percent: percents.reduce((sum, one) => sum + one, 0), processes: Object.fromEntries(names) };
  } finally {
    await home.close();
  }
}

const stops: Stopped[] = [];
const plain: LoadResult[] = [];
const batched: LoadResult[] = [];
for (let round = 0; round < rounds; round++) {
  stops.push(await stopRound());
  plain.push(await killRound(false));
  batched.push(await killRound(true));
  tell(`round ${round + 1} of ${rounds}`);
}
const idle = await idlePercent();

const report = new Report('stop');
report.table(
  ['', 'median'],
  [
    ['stopped with 32 in flight: answered', median(stops.map(({ answered }) => answered))],
    ['… everything gone, ms after the last answer', median(stops.map(({ goneMs }) => goneMs))],
    ['a worker of two killed, 16 clients, unbatched: failed', median(plain.map(({ wrong }) => wrong))],
    ['… longest time without an answer, ms', median(plain.map(({ longestGapMs }) => longestGapMs))],
    ['the same with batches: failed', median(batched.map(({ wrong }) => wrong))],
    ['… longest time without an answer, ms', median(batched.map(({ longestGapMs }) => longestGapMs))],
    ['idle with one server, per cent of a core', idle.percent],
  ],
);
report.figure(
  'stopped with 32 in flight: answered',
  '',
  stops.map(({ answered }) => answered),
  { exactly: inFlight },
);
report.figure(
  'everything gone after the last answer',
  'ms',
  stops.map(({ goneMs }) => goneMs),
  { atMost: 1000 },
);
report.figure(
  'worker killed, unbatched: longest gap',
  'ms',
  plain.map(({ longestGapMs }) => longestGapMs),
  { atMost: 500 },
);
report.figure(
  'worker killed, unbatched: failed (what it ran)',
  '',
  plain.map(({ wrong }) => wrong),
  { atMost: 1 },
);
report.figure(
  'worker killed, batches: longest gap',
  'ms',
  batched.map(({ longestGapMs }) => longestGapMs),
  { atMost: 500 },
);
// A batch of one that its worker did not survive is not tried again: it is the one that kills.
report.figure(
  'worker killed, batches: failed',
  '',
  batched.map(({ wrong }) => wrong),
  { atMost: 1 },
);
report.figure(`idle with one server${quick ? ' (short)' : ''}`, '% of a core', [idle.percent], { atMost: 0.5 });
report.raw('results', { stops, plain, batched, idle });
report.finish();
