import { bucketCount, bucketOf, bucketStartUs, type HistogramData, longestUs } from '../../api/histogram.ts';

/** Durations in the buckets of `api/histogram.ts`. Recording one is a few instructions and allocates nothing. */
export class Histogram {
  count = 0;
  sumMs = 0;
  readonly #counts: Float64Array = new Float64Array(bucketCount);

  record(ms: number): void {
    const bucket = bucketOf(Math.min(ms * 1000, longestUs) >>> 0);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.count++;
    this.sumMs += ms;
  }

  /** Counts what another one counted. */
  add(other: Histogram): void {
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      this.#counts[bucket] = (this.#counts[bucket] as number) + (other.#counts[bucket] as number);
    }
    this.count += other.count;
    this.sumMs += other.sumMs;
  }

  /** How many were shorter than each of some durations, in microseconds, ascending. Exact where a bucket begins there. */
  shorterThan(boundsUs: readonly number[]): number[] {
    let seen = 0;
    let bucket = 0;
    return boundsUs.map((bound) => {
      while (bucket < bucketCount && bucketStartUs(bucket) < bound) seen += this.#counts[bucket++] as number;
      return seen;
    });
  }

  data(): HistogramData {
    const buckets: [number, number][] = [];
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const count = this.#counts[bucket] as number;
      if (count > 0) buckets.push([bucket, count]);
    }
    return { count: this.count, sumMs: this.sumMs, buckets };
  }
}
