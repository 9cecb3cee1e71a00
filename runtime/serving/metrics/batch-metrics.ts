import type { ObservedTraffic, ReleaseReason } from '../../api/traffic.ts';

/** Upper bounds of the buckets of `spell_batch_size`; one more bucket has no bound. */
export const sizeBounds: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 100, 128, 256, 512, 1024];

/** The batches of one model server: how large they were, and why each began. Recording allocates nothing. */
export class BatchMetrics {
  /** Counts by bucket of {@link sizeBounds}, not cumulative. */
  readonly bySize: Float64Array = new Float64Array(sizeBounds.length + 1);
  readonly byReason: Record<ReleaseReason, number> = { full: 0, 'worker-free': 0, timeout: 0, drain: 0 };
  sizeSum = 0;
  count = 0;

  record(size: number, reason: ReleaseReason): void {
    let bucket = 0;
    while (bucket < sizeBounds.length && size > (sizeBounds[bucket] as number)) bucket++;
    this.bySize[bucket] = (this.bySize[bucket] as number) + 1;
    this.byReason[reason]++;
    this.sizeSum += size;
    this.count++;
  }

  data(): ObservedTraffic['batches'] {
    return {
      count: this.count,
      requests: this.sizeSum,
      sizes: [...this.bySize].map((count, bucket) => ({ atMost: sizeBounds[bucket] ?? null, count })),
      reasons: { ...this.byReason },
    };
  }
}
