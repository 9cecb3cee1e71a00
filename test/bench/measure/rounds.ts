import { rmSync } from 'node:fs';
import type { Contestant, Running, Work } from '../contestants/contestant.ts';

/** `npm run bench -- --quick`: two short rounds, to see whether everything works. */
export const quick: boolean = process.env.SPELL_BENCH_QUICK === '1';

/** `SPELL_BENCH_ROUNDS=1` for other numbers of them. */
export const rounds: number = Number(process.env.SPELL_BENCH_ROUNDS ?? (quick ? 2 : 5));

/** A time to measure for, in milliseconds; a third of it when it has to be quick. */
export function span(ms: number): number {
  return quick ? Math.ceil(ms / 3) : ms;
}

/** What was measured of one contestant, round by round. */
export interface Measured<T> {
  name: string;
  rounds: T[];
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
  measure: (running: Running, name: string) => Promise<T>,
): Promise<Measured<T>[]> {
  const all: Measured<T>[] = contestants.map(({ name }) => ({ name, rounds: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      const measured = all[index] as Measured<T>;
      if (measured.failure !== undefined) continue;
      const began = performance.now();
      try {
        measured.rounds.push(await once(contestant, work, measure));
        tell(`round ${round + 1} of ${rounds}: ${contestant.name}, ${Math.round((performance.now() - began) / 1000)} s`);
      } catch (error) {
        if (own.has(contestant.name)) throw error;
        const retried = await once(contestant, work, measure).catch(() => undefined);
        if (retried !== undefined) measured.rounds.push(retried);
        else measured.failure = (error as Error).message;
        tell(`${contestant.name} ${retried === undefined ? 'is left out' : 'failed once'}: ${(error as Error).message}`);
      }
    }
  }
  return all;
}

async function once<T>(contestant: Contestant, work: Work, measure: (running: Running, name: string) => Promise<T>): Promise<T> {
  if (work.seenFile !== undefined) rmSync(work.seenFile, { force: true });
  const running = await contestant.start(work);
  try {
    return await measure(running, contestant.name);
  } finally {
    await running.stop();
  }
}

/** Says how far it is. */
export function tell(text: string): void {
  process.stderr.write(`  ${text}\n`);
}
