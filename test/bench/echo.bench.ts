import { node } from './contestants/node.ts';
import { spell } from './contestants/spell.ts';
import type { LoadResult } from './load/plan.ts';
import { runLoad } from './load/run-load.ts';
import { peerField, tellField } from './measure/field.ts';
import { cpuMicroseconds } from './measure/processes.ts';
import { median, Report, range } from './measure/report.ts';
import { everyTurn, inRounds, type Measured, span } from './measure/rounds.ts';

// Unbatched JSON echo, 32 connections, beside what a front in Node can do at all and what people would use instead.
// The front (or the whole of a peer that is one process) runs on core 0, our worker and the load generator on core 1.

/** A round: what the generator saw, and the processor time of each process of the contestant a request. */
interface Round extends LoadResult {
  cpuMicroseconds: number[];
}

const field = peerField(() => true);
const all = await inRounds(
  [node, spell, ...field.contestants],
  new Set([node.name, spell.name]),
  { kind: 'echo' },
  async ({ url, body, pids }): Promise<Round> => {
    const before = pids.map(cpuMicroseconds);
    const result = await runLoad({ url, body, loop: { kind: 'closed', connections: 32, warmupMs: span(3000), durationMs: span(3000) } });
    // A busy machine changes how long a request takes, but hardly what it costs: that figure is shown, too.
    const cpu = pids.map((pid, index) => Math.round((cpuMicroseconds(pid) - (before[index] ?? 0)) / result.answered));
    return { ...result, cpuMicroseconds: cpu };
  },
);

const measured = all.filter((each) => each.rounds.length > 0);
const ours = measured.find(({ name }) => name === spell.name) as Measured<Round>;

/** Within each round, because the rounds of a busy machine differ more than the contestants do. */
function ratios({ rounds }: Measured<Round>): number[] {
  return rounds.map((theirs, round) => (ours.rounds[round]?.requestsPerSecond ?? Number.NaN) / theirs.requestsPerSecond);
}

const report = new Report('echo');
report.table(
  ['JSON echo', 'requests/s, median', 'range', 'p50 ms', 'p99 ms', 'processor time a request, µs', 'spell has … times as much'],
  measured.map((each) => [
    each.name,
    median(each.rounds.map(({ requestsPerSecond }) => requestsPerSecond)),
    range(each.rounds.map(({ requestsPerSecond }) => requestsPerSecond)),
    median(each.rounds.map(({ p50Ms }) => p50Ms)),
    median(each.rounds.map(({ p99Ms }) => p99Ms)),
    processorTime(each.rounds),
    each === ours ? '' : median(ratios(each)),
  ]),
);
/** Frameworks that serve nothing by themselves, and what the front is made of, are asked less of than serving systems. */
const aims: Record<string, number> = { 'node:http': 0.7, Starlette: 1.5, FastAPI: 1.5 };
for (const each of measured) {
  if (each !== ours) report.figure(`requests/s, times ${each.name}`, '', ratios(each), { atLeast: aims[each.name] ?? 8 });
}
report.figure(
  'wrong answers',
  '',
  everyTurn(ours).map(({ wrong }) => wrong),
  { exactly: 0 },
);
tellField(report, field, all);
report.raw('results', all);
report.finish();

/** Of each process where there are few: `gateway + worker`. */
function processorTime(rounds: readonly Round[]): string {
  const processes = rounds[0]?.cpuMicroseconds.length ?? 0;
  const each = Array.from({ length: processes }, (_, index) => median(rounds.map((round) => round.cpuMicroseconds[index] ?? 0)));
  if (each.length <= 2) return each.join(' + ');
  return `${each.reduce((sum, one) => sum + one, 0)} in ${each.length} processes`;
}
