import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { quantileMs } from '../../api/histogram.ts';
import { Histogram } from './histogram.ts';

describe('Histogram', () => {
  it('counts exactly, sums exactly, and adds another one up', () => {
    const one = new Histogram();
    const other = new Histogram();
    for (let ms = 1; ms <= 100; ms++) (ms % 2 ? one : other).record(ms);
    one.add(other);
    const data = one.data();
    assert.deepEqual([data.count, data.sumMs], [100, 5050]);
    assert.ok(Math.abs((quantileMs(data, 0.5) ?? 0) - 50) < 0.5);
    assert.equal(
      data.buckets.reduce((sum, [, count]) => sum + count, 0),
      100,
    );
  });

  it('says how many were shorter than where a bucket begins', () => {
    const histogram = new Histogram();
    for (const ms of [0, 0.5119, 0.512, 1.0239, 1.024, 5000]) histogram.record(ms);
    assert.deepEqual(histogram.shorterThan([512, 1024, 2 ** 30]), [2, 4, 6]);
  });

  it('keeps what is longer than it can tell as the longest', () => {
    const histogram = new Histogram();
    histogram.record(1e9);
    assert.equal(histogram.data().buckets[0]?.[1], 1);
  });
});
