import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchingMessage, batchingOf } from './batching.ts';
import { type Settings, withDefaults } from './settings.ts';

for (const [settings, expected] of [
  [{}, null],
  [{ 'batch-policy': 'fixed' }, null],
  [{ 'enable-batching': true }, ['adaptive', 100, null]],
  [{ 'max-batch-size': 8 }, ['adaptive', 8, null]],
  [{ 'request-timeout': 20 }, ['fixed', 100, 20]],
  [{ 'request-timeout': 0 }, ['fixed', 100, 0]],
  [{ 'enable-batching': true, 'request-timeout': 20 }, ['fixed', 100, 20]],
  [{ 'request-timeout': 20, 'batch-policy': 'adaptive' }, ['adaptive', 100, null]],
  [{ 'max-batch-size': 8, 'batch-policy': 'fixed' }, ['fixed', 8, 500]],
  [{ 'enable-batching': false, 'max-batch-size': 8 }, null],
] as [Settings, [string, number, number | null] | null][]) {
  test(`${JSON.stringify(settings)} means ${JSON.stringify(expected)}`, () => {
    const batching = batchingOf(withDefaults(settings));
    assert.deepEqual(batching && [batching.policy, batching.maxBatchSize, batching.requestTimeout], expected);
    assert.deepEqual(batchingMessage(withDefaults(settings)), expected && { maxSize: expected[1], windowMs: expected[2], isolation: true });
  });
}

test('it says why a policy applies, and whether batches are taken apart', () => {
  assert.match(batchingOf({ 'request-timeout': 20 })?.why ?? '', /^request-timeout is set/);
  assert.match(batchingOf({ 'max-batch-size': 8 })?.why ?? '', /^request-timeout is not set/);
  assert.match(batchingOf({ 'max-batch-size': 8, 'batch-policy': 'fixed' })?.why ?? '', /^batch-policy says so/);
  assert.equal(batchingOf({ 'max-batch-size': 8, 'batch-isolation': 'off' })?.isolation, false);
});
