import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Settings, withDefaults } from '../../../api/settings.ts';
import { threadCounts } from './thread-counts.ts';

const threads = (said: Settings): string | undefined => threadCounts(withDefaults(said)).OMP_NUM_THREADS;

test('each worker may start its share of the CPUs, rounded up, and never none', () => {
  assert.equal(threads({ 'cpu-limit': 4 }), '4');
  assert.equal(threads({ 'cpu-limit': 4, 'num-processes': 3 }), '2');
  assert.equal(threads({ 'cpu-limit': 0.2, 'num-processes': 4 }), '1');
});

test('without a limit, and where the settings say it themselves, nothing is said', () => {
  assert.equal(threads({}), undefined);
  assert.equal(threads({ 'cpu-limit': 4, env: { OMP_NUM_THREADS: '7' } }), undefined);
});
