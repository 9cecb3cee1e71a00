import { limitPerSecond, maxBatchSize, type Running } from './contestants/contestant.ts';
import { spell } from './contestants/spell.ts';
import type { LoadResult } from './load/plan.ts';
import { runLoad } from './load/run-load.ts';
import { peerField, tellField } from './measure/field.ts';
import { median, Report } from './measure/report.ts';
import { everyTurn, inRounds, type Measured, span } from './measure/rounds.ts';

// 512 clients for a server that can keep 64 busy, and that is told to let 64 more wait. A client that is refused tries
// again after 100 ms. Those that cannot refuse let everybody wait.

const maxWaiting = 64;
/** What waits, what is prefetched and what runs, at the rate of the cost model. */
const longestWaitMs = ((maxWaiting + 2 * maxBatchSize) / limitPerSecond) * 1000 + 26;

interface Round {
  best: LoadResult;
  overload: LoadResult;
}

async function measure({ url, body }: Running): Promise<Round> {
  const load = (connections: number, durationMs: number): Promise<LoadResult> =>
    runLoad({ url, body, loop: { kind: 'closed', connections, warmupMs: span(1000), durationMs: span(durationMs), retryAfterMs: 100 } });
  return { best: await load(64, 2000), overload: await load(512, 4000) };
}

const field = peerField(({ batches }) => batches);
const all = await inRounds([spell, ...field.contestants], new Set([spell.name]), { kind: 'batches', maxWaiting }, measure);
const measured = all.filter(({ rounds }) => rounds.length > 0);
const [ours] = measured as [Measured<Round>];

function ofBest({ best, overload }: Round): number {
  return overload.requestsPerSecond / best.requestsPerSecond;
}

function share({ overload }: Round, part: (refused: LoadResult['refused']) => number): number {
  return overload.refused.count === 0 ? 1 : part(overload.refused) / overload.refused.count;
}

/** Answers that are neither right nor a refusal. */
function others({ best, overload }: Round): number {
  return best.wrong + overload.wrong + (overload.statuses['503'] ?? 0);
}

const report = new Report('overload');
report.table(
  [
    '512 clients',
    'requests/s, 64 clients',
    'requests/s, 512',
    'of its 64',
    'p99 ms of the answered',
    'refused',
    'refusals within 50 ms',
    'with Retry-After',
    'failed',
  ],
  measured.map(({ name, rounds }) => {
    const of = (read: (round: Round) => number): number => median(rounds.map(read));
    const refused = of(({ overload }) => overload.refused.count);
    return [
      name,
      of(({ best }) => best.requestsPerSecond),
      of(({ overload }) => overload.requestsPerSecond),
      of(ofBest),
      of(({ overload }) => overload.p99Ms),
      refused,
      refused === 0 ? '' : percent(of((round) => share(round, ({ within50Ms }) => within50Ms))),
      refused === 0 ? '' : percent(of((round) => share(round, ({ withRetryAfter }) => withRetryAfter))),
      of(({ overload }) => overload.wrong),
    ];
  }),
);
report.figure('throughput, of that with 64 clients', '', ours.rounds.map(ofBest), { atLeast: 0.95 });
report.figure(
  'p99 of the answered',
  'ms',
  ours.rounds.map(({ overload }) => overload.p99Ms),
  { atMost: Math.round(longestWaitMs) },
);
report.figure(
  'refused',
  '',
  ours.rounds.map(({ overload }) => overload.refused.count),
  { atLeast: 1 },
);
report.figure(
  'refusals within 50 ms',
  '',
  ours.rounds.map((round) => share(round, ({ within50Ms }) => within50Ms)),
  { exactly: 1 },
);
report.figure(
  'refusals with Retry-After',
  '',
  everyTurn(ours).map((round) => share(round, ({ withRetryAfter }) => withRetryAfter)),
  { exactly: 1 },
);
report.figure('neither answered nor refused by 429', '', everyTurn(ours).map(others), { exactly: 0 });
tellField(report, field, all);
report.raw('maxWaiting', maxWaiting);
report.raw('results', all);
report.finish();

function percent(part: number): string {
  return `${(part * 100).toFixed(part < 1 ? 1 : 0)} %`;
}
