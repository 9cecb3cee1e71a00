import type { Worker } from '../pool/worker.ts';
import { type Slot, slotState } from './slot.ts';

/** A request that waits behind one that has been running for so long is taken back when another worker is free. */
export const stuckAfterMs = 4;

/** The worker where another request would begin soonest, among those that have room, or `undefined`. */
export function leastLoaded(workers: readonly Worker[]): Worker | undefined {
  let best: Worker | undefined;
  for (const worker of workers) {
    if (worker.room > 0 && (best === undefined || worker.load < best.load)) best = worker;
  }
  return best;
}

/** The worker where a large body of this size (0: unknown) should go to, or `undefined` when none has room for it. */
export function workerForUpload(workers: readonly Worker[], size: number): Worker | undefined {
  let best: Worker | undefined;
  for (const worker of workers) {
    if (worker.room <= 0 || !worker.uploads.hasPlaceFor(size)) continue;
    if (best === undefined || worker.load + worker.uploads.incomplete.length < best.load + best.uploads.incomplete.length) best = worker;
  }
  return best;
}

/** A worker that has nothing to do, or `undefined`. */
export function idleWorker(workers: readonly Worker[]): Worker | undefined {
  return workers.find((worker) => worker.outstanding.length === 0 && worker.room > 0);
}

/** Milliseconds that a request takes at least, in whichever of the workers; 0 while that is not known of one of them. */
export function leastTimeMs(workers: readonly Worker[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { quickestMs } of workers) least = Math.min(least, quickestMs);
  return workers.length === 0 ? 0 : least;
}

/**
 * Takes requests back that wait behind a long one in a worker while another worker has nothing to do: prefetching must
 * not make a request wait that could run. For each idle worker one, or a batch, the newest first, because an older one is
 * the next to run where it is. Requests that wait for company (policy `fixed`) wait in any worker: they stay.
 */
export function recallStuck(workers: readonly Worker[], now: number): void {
  let wanted = 0;
  for (const worker of workers) if (worker.outstanding.length === 0 && worker.room > 0) wanted += worker.batching?.maxSize ?? 1;
  if (wanted === 0) return;
  for (const worker of workers) {
    if (worker.predictor?.predict.async || worker.batching?.windowMs != null) continue;
    if (worker.outstanding.length < 2 || now - worker.progressAt < stuckAfterMs) continue;
    let first: Slot | null = null;
    for (let slot = worker.outstanding.last; slot && !worker.isBegun(slot) && wanted > 0; slot = slot.previous) {
      if (slot.recalled || slot.upload || slot.state !== slotState.sent) continue;
      first = slot;
      wanted--;
    }
    // The oldest first: they come back in that order, and each goes on at once.
    for (let slot = first; slot; slot = slot.next) worker.recall(slot);
  }
}
