import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queueRetryAfter } from './retry-after.ts';

for (const [waiting, perSecond, seconds, why] of [
  [100, 40, 3, 'what waits, at the rate of late, rounded up'],
  [100, 100, 1, 'exactly'],
  [64, 5000, 1, 'never less than a second'],
  [1000, 2, 60, 'never more than a minute'],
  [1000, 0, 1, 'nothing was measured yet'],
] as const) {
  test(`${waiting} that wait at ${perSecond}/s: ${seconds} s (${why})`, () => {
    assert.equal(queueRetryAfter(waiting, perSecond), seconds);
  });
}
