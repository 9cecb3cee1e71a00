import { spawnSync } from 'node:child_process';
import { node } from './contestants/node.ts';
import { leaveCoresToTheSystem } from './contestants/pinned.ts';
import { spell } from './contestants/spell.ts';
import type { LoadResult } from './load/plan.ts';
import { runLoad } from './load/run-load.ts';
import { peerField, tellField } from './measure/field.ts';
import { median, Report } from './measure/report.ts';
import { inRounds, type Measured, span } from './measure/rounds.ts';

// What we add to a prediction that takes no time: one client, a request each millisecond whether or not the one before
// was answered, beside `node:http`, Starlette, and the same `predict` called in Python.

const perSecond = 1000;

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

const field = peerField(({ name }) => name === 'Starlette');
const all = await inRounds(
  [node, spell, ...field.contestants],
  new Set([node.name, spell.name]),
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
  ['one client, 1,000 requests/s', 'p50 ms', 'p99 ms', 'slowest ms', 'answered/s'],
  [
    ['`predict`, called in Python', median(ours.rounds.map(({ pythonMs }) => pythonMs)).toFixed(4), '', '', ''],
    ...measured.map(({ name, rounds }) => [
      name,
      median(rounds.map(({ p50Ms }) => p50Ms)),
      median(rounds.map(({ p99Ms }) => p99Ms)),
      median(rounds.map(({ maxMs }) => maxMs)),
      median(rounds.map(({ requestsPerSecond }) => requestsPerSecond)),
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
report.figure(
  'wrong answers',
  '',
  ours.rounds.map(({ wrong }) => wrong),
  { exactly: 0 },
);
tellField(report, field, all);
report.raw('results', all);
report.finish();
