import { limitPerSecond, type Running } from './contestants/contestant.ts';
import { node } from './contestants/node.ts';
import { spell } from './contestants/spell.ts';
import type { LoadResult, Loop } from './load/plan.ts';
import { runLoad } from './load/run-load.ts';
import { peerField, tellField } from './measure/field.ts';
import { median, Report } from './measure/report.ts';
import { everyTurn, inRounds, type Measured, span } from './measure/rounds.ts';

// Batches by a cost model (`peers/workload.py`): a batch of N takes 10 ms + 0.5 ms × N, at most 32 a batch. No batching
// can answer more than 32 requests in 26 ms. A lone client is compared with `node:http` that sleeps as long.

interface Round {
  /** One client, before anything else happened, and after the load of 64. */
  fresh: LoadResult;
  after: LoadResult;
  full: LoadResult;
  /** Requests at random moments, 200 and 600 a second. */
  open200: LoadResult;
  open600: LoadResult;
}

const lone: Loop = { kind: 'closed', connections: 1, warmupMs: span(500), durationMs: span(1500) };
const full: Loop = { kind: 'closed', connections: 64, warmupMs: span(1000), durationMs: span(2500) };

function open(perSecond: number): Loop {
  return { kind: 'open', perSecond, warmupMs: span(1000), durationMs: span(3000) };
}

async function measure({ url, body }: Running, name: string): Promise<Round> {
  const load = (loop: Loop, to = url): Promise<LoadResult> => runLoad({ url: to, body, loop });
  const fresh = await load(lone);
  if (name === node.name) {
    const warm = await load(full, `${url}warm`);
    const after = await load(lone);
    return { fresh, full: warm, after, open200: after, open600: after };
  }
  return { fresh, full: await load(full), after: await load(lone), open200: await load(open(200)), open600: await load(open(600)) };
}

const field = peerField(({ batches }) => batches);
const all = await inRounds([node, spell, ...field.contestants], new Set([node.name, spell.name]), { kind: 'batches' }, measure);
const measured = all.filter(({ rounds }) => rounds.length > 0);
const [bare, ours] = measured as [Measured<Round>, Measured<Round>];

const report = new Report('batching');
report.table(
  [
    'batches',
    'requests/s of 64',
    'of the limit',
    'p99 ms of 64',
    'one client, fresh, p50 ms',
    'one client, after load, p50 ms',
    'p99 ms at 200/s',
    'p99 ms at 600/s',
    'failed',
  ],
  measured.map((each) => {
    const of = (read: (round: Round) => number): number => median(each.rounds.map(read));
    const alone = [of(({ fresh }) => fresh.p50Ms), of(({ after }) => after.p50Ms)];
    if (each === bare) return [`${each.name}, sleeping`, '', '', '', ...alone, '', '', ''];
    const rate = of((round) => round.full.requestsPerSecond);
    const open = [of(({ open200 }) => open200.p99Ms), of(({ open600 }) => open600.p99Ms)];
    return [
      each.name,
      rate,
      rate / limitPerSecond,
      of((round) => round.full.p99Ms),
      ...alone,
      ...open,
      Math.max(...each.rounds.map(failed)),
    ];
  }),
);
const above = ours.rounds.map(({ after }, round) => after.p50Ms - (bare.rounds[round]?.after.p50Ms ?? Number.NaN));
report.figure(
  '64 clients, of the limit',
  '',
  ours.rounds.map((round) => round.full.requestsPerSecond / limitPerSecond),
  { atLeast: 0.95 },
);
report.figure(
  '64 clients, p99',
  'ms',
  ours.rounds.map((round) => round.full.p99Ms),
  { atMost: 65 },
);
report.figure('one client, p50 above node:http that sleeps as long', 'ms', above, { atMost: 0.6 });
report.figure(
  'one client, p50 after load above fresh',
  'ms',
  ours.rounds.map(({ after, fresh }) => after.p50Ms - fresh.p50Ms),
  { atMost: 0.6 },
);
report.figure(
  '200 requests/s, open loop, p99',
  'ms',
  ours.rounds.map(({ open200 }) => open200.p99Ms),
  { atMost: 30 },
);
report.figure(
  '600 requests/s, open loop, p99',
  'ms',
  ours.rounds.map(({ open600 }) => open600.p99Ms),
  { atMost: 40 },
);
report.figure('failed or wrong', '', everyTurn(ours).map(failed), { exactly: 0 });
tellField(report, field, all);
report.raw('limitPerSecond', limitPerSecond);
report.raw('results', all);
report.finish();

function failed(round: Round): number {
  return [round.fresh, round.full, round.after, round.open200, round.open600].reduce(
    (sum, each) => sum + each.wrong + each.refused.count,
    0,
  );
}
