import { firstInnocent, firstPoison } from './plan.ts';

/** The numbers of requests, one after the other; the given share of them is poison. */
export function idSource(poison: number): () => number {
  let count = 0;
  let owed = 0;
  return () => {
    count++;
    owed += poison;
    if (owed < 1) return firstInnocent + count;
    owed -= 1;
    return firstPoison + count;
  };
}
