import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bucketCount, bucketOf, bucketStartUs, type HistogramData, longestUs, mergeHistograms, quantileMs } from './histogram.ts';
import { seededRandom } from './testing/random.ts';

function histogramOf(durationsMs: readonly number[]): HistogramData {
  const counts = new Map<number, number>();
  for (const ms of durationsMs) counts.set(bucketOf(Math.floor(ms * 1000)), (counts.get(bucketOf(Math.floor(ms * 1000))) ?? 0) + 1);
  const buckets = [...counts].sort(([a], [b]) => a - b);
  return { count: durationsMs.length, sumMs: durationsMs.reduce((sum, ms) => sum + ms, 0), buckets };
}

describe('the buckets of durations', () => {
  it('follow each other without a gap, and hold what belongs in them', () => {
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const start = bucketStartUs(bucket);
      assert.equal(bucketOf(start), bucket);
      if (bucket > 0) assert.equal(bucketOf(start - 1), bucket - 1);
    }
    assert.equal(bucketOf(longestUs), bucketCount - 1);
    assert.equal(bucketStartUs(bucketCount), longestUs + 1);
  });

  it('are at most a sixty-fourth as wide as they are far out', () => {
    for (let bucket = 128; bucket < bucketCount; bucket++) {
      assert.ok(bucketStartUs(bucket + 1) - bucketStartUs(bucket) <= bucketStartUs(bucket) / 64);
    }
  });
});

describe('quantiles', () => {
  it('of three pods together are those of all durations, within 1 %', () => {
    const next = seededRandom(7);
    // From a tenth of a millisecond to ten seconds, most of them short.
    const pods = [1, 2, 3].map(() => Array.from({ length: 5000 }, () => 0.1 * 10 ** (next() ** 2 * 5)));
    const merged = mergeHistograms(pods.map(histogramOf));
    const all = pods.flat().sort((a, b) => a - b);
    assert.equal(merged.count, all.length);
    for (const part of [0.5, 0.9, 0.95, 0.99, 0.999, 1]) {
      const exact = all[Math.ceil(all.length * part) - 1] as number;
      const told = quantileMs(merged, part) as number;
      assert.ok(Math.abs(told - exact) <= exact * 0.01, `p${part * 100}: ${told} for ${exact}`);
    }
  });

  it('are the same in whatever order histograms are added up', () => {
    const [a, b, c] = [
      [1, 2, 3],
      [2, 50],
      [0.001, 700],
    ].map(histogramOf) as [HistogramData, HistogramData, HistogramData];
    assert.deepEqual(mergeHistograms([mergeHistograms([c, a]), b]).buckets, mergeHistograms([a, b, c]).buckets);
  });

  it('of nothing are nothing', () => {
    assert.equal(quantileMs(mergeHistograms([]), 0.5), null);
  });
});
