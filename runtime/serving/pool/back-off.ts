/** Waits before the first, second, … replacement of a worker that keeps dying; the last one repeats. */
export const restartDelaysMs: readonly number[] = [0, 500, 1000, 2000, 4000, 8000, 16_000, 30_000];

/** A worker that was ready for so long starts with a clean slate. */
export const healthyAfterMs = 30_000;

/** How often a worker that dies while it starts is tried again, as long as its revision never had a ready pod. */
export const startRetries = 3;

/** How long to wait before a worker is replaced, by how often that was needed lately. */
export class BackOff {
  /** Deaths without a healthy while between them. */
  deaths = 0;

  /** A worker died. `readyForMs`: how long it had been ready, 0 if never. Returns the wait before the next start. */
  next(readyForMs: number): number {
    if (readyForMs >= healthyAfterMs) this.deaths = 0;
    const delay = restartDelaysMs[Math.min(this.deaths, restartDelaysMs.length - 1)] as number;
    this.deaths++;
    return delay;
  }
}
