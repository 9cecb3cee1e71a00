import { batchingOf } from './batching.ts';
import type { EffectiveSettings } from './settings.ts';

/** What a worker's share of the queue is at least, and in full batches. `docs/request-path.md` and `--help` say both. */
const leastForEachWorker = 1000;
const batchesForEachWorker = 10;

/**
 * How many requests of a model server may wait: `max-queue`, or a share for each of its workers, so that what waits is
 * worked off in the same time however many there are. `pods` is how many should answer.
 */
export function maxQueueOf(settings: EffectiveSettings, pods: number): number {
  const said = settings['max-queue'];
  if (said !== undefined) return said;
  const workers = pods * settings['num-processes'];
  return workers * Math.max(leastForEachWorker, batchesForEachWorker * (batchingOf(settings)?.maxBatchSize ?? 1));
}
