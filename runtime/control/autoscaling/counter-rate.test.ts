import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CounterRate } from './counter-rate.ts';

test('a rate is known from the second value on, and looks back over the window only', () => {
  const rate = new CounterRate();
  assert.equal(rate.note(0, 0), null);
  assert.equal(rate.note(2000, 20), 10);
  assert.equal(rate.note(4000, 40), 10);
  assert.equal(rate.note(6000, 240), 55);
  assert.equal(rate.note(8000, 440), 100);
});

test('a counter that begins anew is no negative rate', () => {
  const rate = new CounterRate();
  rate.note(0, 1000);
  rate.note(2000, 1100);
  assert.equal(rate.note(4000, 5), null);
  assert.equal(rate.note(6000, 25), 10);
});
