import { spawnSync } from 'node:child_process';
import { node, nodeBeforePython } from './contestants/node.ts';
import { leaveCoresToTheSystem } from './contestants/pinned.ts';
import { spell } from './contestants/spell.ts';
import type { LoadResult } from './load/plan.ts';
import { runLoad } from './load/run-load.ts';
import { peerField, tellField } from './measure/field.ts';
import { median, Report } from './measure/report.ts';
import { everyTurn, inRounds, type Measured, span } from './measure/rounds.ts';

// What we add to a prediction that takes no time: one client, a request each millisecond whether or not the one before
// was answered, beside `node:http`, Starlette, and the same `predict` called in Python. What the hop to
// a second process costs at all, with no product around it, is a contestant, too.

const perSecond = 1000;

/** So much calm a round must have had for its quantiles to mean something: a thousand requests. */
const enoughSeconds = 1;

leaveCoresToTheSystem();

/** The middle of many calls, in milliseconds. */
function pythonCallMs(): number {
  const program = `
import json, time
class Predictor:
    def predict(self, payload):
        return payload
predictor, payload, times = Predictor(), {"values": [5.1, 3.5, 1.4, 0.2], "name": "setosa", "id": 1}, []
for _ in range(20000):
    began = time.perf_counter()
    predictor.predict(payload)
    times.append(time.perf_counter() - began)
print(sorted(times)[10000] * 1000)
`;
  return Number(spawnSync('python3', ['-c', program], { encoding: 'utf8' }).stdout);
}

interface Round extends LoadResult {
  pythonMs: number;
}

/** What a round was like while the host took nothing, where that was long enough. */
function calmOf(round: Round | undefined): LoadResult['calm'] {
  return round?.calm && round.calm.seconds >= enoughSeconds ? round.calm : undefined;
}

/** Of the rounds that had calm enough: the medians of p50 and p99, and how much calm that was. */
function calmCells(rounds: readonly Round[]): (string | number)[] {
  const calm = rounds.map(calmOf).filter((each) => each !== undefined);
  if (calm.length === 0) return ['', '', 0];
  const seconds = calm.reduce((sum, each) => sum + each.seconds, 0);
  return [median(calm.map(({ p50Ms }) => p50Ms)), median(calm.map(({ p99Ms }) => p99Ms)), seconds];
}

const field = peerField(({ name }) => name === 'Starlette');
const all = await inRounds(
  [node, spell, nodeBeforePython, ...field.contestants],
  new Set([node.name, spell.name, nodeBeforePython.name]),
  { kind: 'echo' },
  async ({ url, body }): Promise<Round> => {
    // Hot first: a just-in-time compiler would take a minute at this rate.
    await runLoad({ url, body, loop: { kind: 'closed', connections: 8, warmupMs: 0, durationMs: span(3000) } });
    const result = await runLoad({ url, body, loop: { kind: 'paced', perSecond, warmupMs: span(2000), durationMs: span(10_000) } });
    return { ...result, pythonMs: pythonCallMs() };
  },
);
const measured = all.filter(({ rounds }) => rounds.length > 0);
const [bare, ours] = measured as [Measured<Round>, Measured<Round>];

const report = new Report('latency');
report.table(
  ['one client, 1,000 requests/s', 'p50 ms', 'p99 ms', 'slowest ms', 'answered/s', 'calm p50 ms', 'calm p99 ms', 'calm seconds'],
  [
    ['`predict`, called in Python', median(ours.rounds.map(({ pythonMs }) => pythonMs)).toFixed(4), '', '', '', '', '', ''],
    ...measured.map(({ name, rounds }) => [
      name,
      median(rounds.map(({ p50Ms }) => p50Ms)),
      median(rounds.map(({ p99Ms }) => p99Ms)),
      median(rounds.map(({ maxMs }) => maxMs)),
      median(rounds.map(({ requestsPerSecond }) => requestsPerSecond)),
      ...calmCells(rounds),
    ]),
  ],
);

report.figure(
  'p50 above the call in Python',
  'ms',
  ours.rounds.map(({ p50Ms, pythonMs }) => p50Ms - pythonMs),
  { atMost: 0.35 },
);
report.figure(
  'p99, times that of node:http',
  '',
  ours.rounds.map(({ p99Ms }, round) => p99Ms / (bare.rounds[round]?.p99Ms ?? Number.NaN)),
  { atMost: 2 },
);
const calmAdded = ours.rounds.flatMap((round) => {
  const calm = calmOf(round);
  return calm ? [calm.p50Ms - round.pythonMs] : [];
});
if (calmAdded.length > 0) report.figure('p50 above the call, while the host took nothing', 'ms', calmAdded, { atMost: 0.35 });
const calmRatios = ours.rounds.flatMap((round, index) => {
  const [calm, bareCalm] = [calmOf(round), calmOf(bare.rounds[index])];
  return calm && bareCalm ? [calm.p99Ms / bareCalm.p99Ms] : [];
});
if (calmRatios.length > 0) report.figure('p99, times that of node:http, while the host took nothing', '', calmRatios, { atMost: 2 });
report.figure(
  'wrong answers',
  '',
  everyTurn(ours).map(({ wrong }) => wrong),
  { exactly: 0 },
);
tellField(report, field, all);
report.raw('results', all);
report.finish();
