import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparkline } from './sparkline.ts';

test('the largest value is the highest bar, and what is not known is a gap', () => {
  assert.equal(sparkline([0, 4, null, 8]), '▁▅ █');
  assert.equal(sparkline([0, 0]), '▁▁');
  assert.equal(sparkline([]), '');
});
