import type { Worker } from '../pool/worker.ts';
import { slotState } from './slot.ts';

/** A request that waits behind one that has been running for so long is taken back when another worker is free. */
export const stuckAfterMs = 4;

/** The worker with the fewest requests among those that have room, or `undefined`. */
export function leastLoaded(workers: readonly Worker[]): Worker | undefined {
  let best: Worker | undefined;
  for (const worker of workers) {
    if (worker.room > 0 && (best === undefined || worker.outstanding.length < best.outstanding.length)) best = worker;
  }
  return best;
}

/**
 * Takes requests back that wait behind a long one in a worker while another worker has nothing to do: prefetching must
 * not make a request wait that could run. One for each idle worker, the newest first, because an older one is the next to
 * run where it is.
 */
export function recallStuck(workers: readonly Worker[], now: number): void {
  let idle = 0;
  for (const worker of workers) if (worker.outstanding.length === 0 && worker.room > 0) idle++;
  if (idle === 0) return;
  for (const worker of workers) {
    if (worker.predictor?.predict.async || worker.outstanding.length < 2 || now - worker.progressAt < stuckAfterMs) continue;
    for (let slot = worker.outstanding.last; slot && slot !== worker.outstanding.first && idle > 0; slot = slot.previous) {
      if (slot.recalled || slot.state !== slotState.sent) continue;
      worker.recall(slot);
      idle--;
    }
  }
}
