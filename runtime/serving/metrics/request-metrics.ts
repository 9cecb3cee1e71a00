import { BatchMetrics } from './batch-metrics.ts';

/** Upper bounds of the buckets of `spell_request_duration_seconds`, in milliseconds; one more bucket has no bound. */
export const durationBoundsMs: readonly number[] = [0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000];

/** What one pod answered, by status. */
export class PodCounter {
  readonly pod: string;
  readonly byStatus: Map<number, number> = new Map();
  /** Those of its whole model server. */
  readonly batches: BatchMetrics;

  constructor(pod: string, batches: BatchMetrics) {
    this.pod = pod;
    this.batches = batches;
  }
}

/** The request numbers of one model server. Recording allocates nothing once a status has been seen. */
export class RequestMetrics {
  readonly batches: BatchMetrics = new BatchMetrics();
  /** Requests that no pod took: refused, expired or left while they waited. */
  readonly unrouted: PodCounter = new PodCounter('', this.batches);
  readonly pods: Set<PodCounter> = new Set([this.unrouted]);
  /** Counts by bucket of {@link durationBoundsMs}, not cumulative. */
  readonly buckets: Float64Array = new Float64Array(durationBoundsMs.length + 1);
  durationSumMs = 0;

  /** A counter of a pod's own; {@link forget} it when the pod is gone. */
  addPod(pod: string): PodCounter {
    const counter = new PodCounter(pod, this.batches);
    this.pods.add(counter);
    return counter;
  }

  forget(counter: PodCounter): void {
    this.pods.delete(counter);
  }

  record(counter: PodCounter | null, status: number, durationMs: number): void {
    const { byStatus } = counter ?? this.unrouted;
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    let bucket = 0;
    while (bucket < durationBoundsMs.length && durationMs > (durationBoundsMs[bucket] as number)) bucket++;
    this.buckets[bucket] = (this.buckets[bucket] as number) + 1;
    this.durationSumMs += durationMs;
  }
}
