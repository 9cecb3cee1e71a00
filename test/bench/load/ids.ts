import { randomBelow } from '../../../runtime/api/testing/random.ts';
import { firstInnocent, firstPoison } from './plan.ts';

/** The numbers of requests, one after the other; the given share of them is poison, at random and the same in every run. */
export function idSource(poison: number): () => number {
  const below = randomBelow(1);
  let count = 0;
  return () => {
    count++;
    return (poison > 0 && below(1e6) < poison * 1e6 ? firstPoison : firstInnocent) + count;
  };
}
