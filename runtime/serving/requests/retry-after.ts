/**
 * Whole seconds for `Retry-After` of a full queue: the time in which what waits is worked off at the rate of late. A
 * client that comes back then finds room, unless others were quicker. At least 1, since 0 would mean at once; at most
 * {@link longestSeconds}, because by then the rate says little. 1 where nothing was measured.
 */
export function queueRetryAfter(waiting: number, answersPerSecond: number): number {
  if (answersPerSecond <= 0) return 1;
  return Math.min(Math.max(Math.ceil(waiting / answersPerSecond), 1), longestSeconds);
}

export const longestSeconds = 60;

/** The same where nobody can answer, by the time after which that may be different. */
export const unavailableRetryAfter = {
  /** A pod is on its way: how long it takes is not known, and asking costs little. */
  starting: 1,
  /** Its `health` is asked again so soon (`pool/health-watch.ts`). */
  unhealthy: 5,
  /** Only a person starts it again. */
  stopped: 10,
  /** It failed for good: it is tried anew so often (`pool/revision.ts`). */
  failed: 30,
} as const;
