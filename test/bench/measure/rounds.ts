import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Contestant, Running, Work } from '../contestants/contestant.ts';
import { StealMeter } from './steal.ts';

/** `npm run bench -- --quick`: two short rounds, to see whether everything works. */
export const quick: boolean = process.env.SPELL_BENCH_QUICK === '1';

/** `SPELL_BENCH_ROUNDS=1` for other numbers of them. */
export const rounds: number = Number(process.env.SPELL_BENCH_ROUNDS ?? (quick ? 2 : 5));

/** A time to measure for, in milliseconds; a third of it when it has to be quick. */
export function span(ms: number): number {
  return quick ? Math.ceil(ms / 3) : ms;
}

/**
 * A turn during which the machine's host took more than this part of the processors' time measured the host: it is
 * measured again after a pause, so often at most, and the turn of which the least was taken counts.
 */
const mostStolen = 0.02;
const mostTries = quick ? 1 : 3;
const pauseMs = 5000;

type Measure<T> = (running: Running, name: string) => Promise<T>;

/** A contestant's turn: what was measured, and the part of the processors' time that the machine's host took meanwhile. */
export interface Turn<T> {
  stolen: number;
  round: T;
}

/** What was measured of one contestant, round by round. */
export interface Measured<T> {
  name: string;
  rounds: T[];
  /** Of each of the rounds, as in {@link Turn}. */
  stolen: number[];
  /** What else was measured, while the host took more. */
  disturbed: Turn<T>[];
  /** Why it was not measured to the end. */
  failure?: string;
}

/**
 * Measures each contestant in each round, so that a machine that gets slower gets slower for all. Each is started for
 * its turn and stopped after it: idle neighbours cost time, too, and none of the rounds begins with a past. A peer that
 * fails twice in a row is left out from then on, and that is said; when one of the `own` fails, the benchmark does.
 */
export async function inRounds<T>(
  contestants: readonly Contestant[],
  own: ReadonlySet<string>,
  work: Work,
  measure: Measure<T>,
): Promise<Measured<T>[]> {
  const all: Measured<T>[] = contestants.map(({ name }) => ({ name, rounds: [], stolen: [], disturbed: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      const measured = all[index] as Measured<T>;
      if (measured.failure !== undefined) continue;
      const began = performance.now();
      try {
        keep(measured, await leastDisturbed(contestant, work, measure));
        tell(`round ${round + 1} of ${rounds}: ${contestant.name}, ${Math.round((performance.now() - began) / 1000)} s`);
      } catch (error) {
        if (own.has(contestant.name)) throw error;
        const retried = await leastDisturbed(contestant, work, measure).catch(() => undefined);
        if (retried !== undefined) keep(measured, retried);
        else measured.failure = (error as Error).message;
        tell(`${contestant.name} ${retried === undefined ? 'is left out' : 'failed once'}: ${(error as Error).message}`);
      }
    }
  }
  return all;
}

/** Also what was measured while the host took too much: nothing may be answered wrong then either. */
export function everyTurn<T>({ rounds, disturbed }: Measured<T>): T[] {
  return [...rounds, ...disturbed.map(({ round }) => round)];
}

function keep<T>(measured: Measured<T>, turns: Turn<T>[]): void {
  const [best, ...others] = turns.toSorted((a, b) => a.stolen - b.stolen);
  if (best === undefined) return;
  measured.rounds.push(best.round);
  measured.stolen.push(best.stolen);
  measured.disturbed.push(...others);
}

/** One turn, and more of them while the host takes too much. */
async function leastDisturbed<T>(contestant: Contestant, work: Work, measure: Measure<T>): Promise<Turn<T>[]> {
  const turns: Turn<T>[] = [];
  for (;;) {
    const turn = await once(contestant, work, measure);
    const { stolen } = turn;
    turns.push(turn);
    if (stolen <= mostStolen || turns.length === mostTries) return turns;
    tell(`${contestant.name}: the host took ${Math.round(stolen * 100)} % of the processors' time`);
    await pause(pauseMs);
  }
}

async function once<T>(contestant: Contestant, work: Work, measure: Measure<T>): Promise<Turn<T>> {
  if (work.seenFile !== undefined) rmSync(work.seenFile, { force: true });
  const running = await contestant.start(work);
  try {
    const steal = new StealMeter();
    const round = await measure(running, contestant.name);
    return { stolen: steal.look(), round };
  } finally {
    await running.stop();
  }
}

/** Says how far it is. */
export function tell(text: string): void {
  process.stderr.write(`  ${text}\n`);
}
