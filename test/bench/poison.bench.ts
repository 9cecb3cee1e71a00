import type { Running } from './contestants/contestant.ts';
import { spell } from './contestants/spell.ts';
import type { LoadResult } from './load/plan.ts';
import { runLoad } from './load/run-load.ts';
import { peerField, tellField } from './measure/field.ts';
import { median, Report } from './measure/report.ts';
import { everyTurn, inRounds, type Measured, span } from './measure/rounds.ts';

// One request in twenty makes `predict` raise, before it has done anything else. Who else fails with it?

interface Round {
  clean: LoadResult;
  poisoned: LoadResult;
}

async function measure({ url, body }: Running): Promise<Round> {
  const load = (poison: number): Promise<LoadResult> =>
    runLoad({ url, body, poison, loop: { kind: 'closed', connections: 64, warmupMs: span(1000), durationMs: span(3000) } });
  return { clean: await load(0), poisoned: await load(0.05) };
}

const field = peerField(({ batches }) => batches);
const all = await inRounds([spell, ...field.contestants], new Set([spell.name]), { kind: 'batches' }, measure);
const measured = all.filter(({ rounds }) => rounds.length > 0);
const [ours] = measured as [Measured<Round>];

/** Of the requests that could be answered, those that were not. */
function innocentFailures({ poisoned }: Round): number {
  return poisoned.wrong / Math.max(poisoned.wrong + poisoned.answered, 1);
}

/** Right answers a second beside those without poison, of which there are a twentieth more to be had. */
function ofClean({ clean, poisoned }: Round): number {
  return poisoned.requestsPerSecond / 0.95 / clean.requestsPerSecond;
}

const report = new Report('poison');
report.table(
  ['1 in 20 raises', 'right answers/s, clean', 'right answers/s', 'of the clean', 'innocent that failed', 'guilty answered 200'],
  measured.map(({ name, rounds }) => {
    const of = (read: (round: Round) => number): number => median(rounds.map(read));
    return [
      name,
      of(({ clean }) => clean.requestsPerSecond),
      of(({ poisoned }) => poisoned.requestsPerSecond),
      of(ofClean),
      `${(of(innocentFailures) * 100).toFixed(1)} %`,
      of(({ poisoned }) => poisoned.poison.passed),
    ];
  }),
);
report.figure(
  'innocent requests that failed',
  '',
  everyTurn(ours).map(({ clean, poisoned }) => clean.wrong + poisoned.wrong),
  { exactly: 0 },
);
report.figure('throughput, of the clean one', '', ours.rounds.map(ofClean), { atLeast: 0.5 });
report.figure(
  'guilty requests that were answered by an error',
  '',
  ours.rounds.map(({ poisoned }) => poisoned.poison.failed),
  { atLeast: 1 },
);
tellField(report, field, all);
report.raw('results', all);
report.finish();
