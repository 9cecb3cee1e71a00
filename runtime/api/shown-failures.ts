import type { MetricsPoint } from './objects.ts';

/** How many requests were not answered by the predictor, and why: `3 (deadline 2, queue-full 1)`; `0` where all were. */
export function shownFailures({ failed, failures }: Pick<MetricsPoint, 'failed' | 'failures'>): string {
  const causes = Object.entries(failures).map(([cause, count]) => `${cause} ${count}`);
  return failed === 0 ? '0' : `${failed} (${causes.join(', ')})`;
}
