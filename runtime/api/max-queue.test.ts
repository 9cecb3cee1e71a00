import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxQueueOf } from './max-queue.ts';
import { type Settings, withDefaults } from './settings.ts';

for (const [settings, expected] of [
  [{}, 1000],
  [{ 'num-processes': 2, 'min-pods': 3 }, 6000],
  [{ 'max-batch-size': 32 }, 1000],
  [{ 'max-batch-size': 256 }, 2560],
  [{ 'max-batch-size': 256, 'num-processes': 2 }, 5120],
  [{ 'max-batch-size': 256, 'enable-batching': false }, 1000],
  [{ 'max-batch-size': 256, 'num-processes': 2, 'max-queue': 7 }, 7],
] as [Settings, number][]) {
  test(`${JSON.stringify(settings)} lets ${expected} requests wait`, () => {
    assert.equal(maxQueueOf(withDefaults(settings), withDefaults(settings)['min-pods']), expected);
  });
}
