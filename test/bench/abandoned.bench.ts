import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Running } from './contestants/contestant.ts';
import { spell } from './contestants/spell.ts';
import type { LoadResult } from './load/plan.ts';
import { runLoad } from './load/run-load.ts';
import { peerField, tellField } from './measure/field.ts';
import { median, Report } from './measure/report.ts';
import { everyTurn, inRounds, type Measured, quick, span } from './measure/rounds.ts';

// Waves of 400 clients, of whom 320 hang up 50 ms later, when most of them are known and wait. What the 80 others lose should be those
// 50 ms, and what had begun by then.

const clients = 400;
const good = 80;
const hangUpAfterMs = 50;
/** So long the news of a hang-up may take through two processes, while hundreds of others arrive. */
const newsMs = 30;
/** What had begun when they hung up runs to its end: one batch. */
const lostMs = hangUpAfterMs + 26;

interface Round {
  /** Only the 80. */
  without: LoadResult;
  with: LoadResult;
  /** Abandoned requests of which the predictor saw a batch begin more than {@link newsMs} after the hang-up. */
  seenLate: number;
  seen: number;
  hungUp: number;
}

const folder = mkdtempSync(join(tmpdir(), 'spell-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const seenFile = join(folder, 'seen');

async function measure({ url, body }: Running): Promise<Round> {
  const wave = (connections: number, share: number): Promise<LoadResult> =>
    runLoad({
      url,
      body,
      loop: { kind: 'waves', connections, waves: quick ? 2 : 4, pauseMs: 500, hangUp: { share, afterMs: hangUpAfterMs } },
    });
  // Hot first, as in a server that has been up for a while.
  await runLoad({ url, body, loop: { kind: 'closed', connections: 64, warmupMs: 0, durationMs: span(2000) } });
  const without = await wave(good, 0);
  rmSync(seenFile, { force: true });
  const { hungUp, ...abandoned } = await wave(clients, 1 - good / clients);
  return { without, with: { ...abandoned, hungUp: [] }, hungUp: hungUp.length, ...seenOf(hungUp) };
}

function seenOf(hungUp: LoadResult['hungUp']): { seen: number; seenLate: number } {
  if (!existsSync(seenFile)) throw new Error('the predictor saw nothing');
  const goneAt = new Map(hungUp.map(({ id, at }) => [id, at]));
  let seen = 0;
  let seenLate = 0;
  for (const line of readFileSync(seenFile, 'utf8').trim().split('\n')) {
    const batch = JSON.parse(line) as { at: number; ids: number[] };
    const late = batch.ids.map((id) => goneAt.get(id)).filter((gone) => gone !== undefined);
    seen += late.length;
    seenLate += late.filter((gone) => batch.at > gone + newsMs).length;
  }
  return { seen, seenLate };
}

const field = peerField(({ batches }) => batches);
const all = await inRounds([spell, ...field.contestants], new Set([spell.name]), { kind: 'batches', seenFile }, measure);
const measured = all.filter(({ rounds }) => rounds.length > 0);
const [ours] = measured as [Measured<Round>];

const report = new Report('abandoned');
report.table(
  [
    '320 of 400 hang up',
    'p50 ms of the 80 alone',
    'p50 ms of the 80',
    'slowest ms',
    'answered wrong or never',
    'abandoned that ran',
    'of them long after the hang-up',
  ],
  measured.map(({ name, rounds }) => {
    const of = (read: (round: Round) => number): number => median(rounds.map(read));
    return [
      name,
      of(({ without }) => without.p50Ms),
      of((round) => round.with.p50Ms),
      of((round) => round.with.maxMs),
      of((round) => round.with.wrong + round.with.refused.count),
      `${Math.round(of(({ seen, hungUp }) => seen / hungUp) * 100)} %`,
      `${Math.round(of(({ seenLate, hungUp }) => seenLate / hungUp) * 100)} %`,
    ];
  }),
);
report.figure(
  'good requests answered wrong, or not',
  '',
  everyTurn(ours).map((round) => round.with.wrong + round.with.refused.count),
  { exactly: 0 },
);
report.figure(
  'abandoned requests that the predictor saw although they waited',
  '',
  ours.rounds.map(({ seenLate }) => seenLate),
  { exactly: 0 },
);
report.figure(
  'p50 of the good above that without the others (their 50 ms and one batch)',
  'ms',
  ours.rounds.map((round) => round.with.p50Ms - round.without.p50Ms),
  { atMost: lostMs },
);
tellField(report, field, all);
report.raw('results', all);
report.finish();
