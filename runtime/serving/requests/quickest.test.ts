import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookBack, Quickest } from './quickest.ts';

const observe = (quickest: Quickest, ms: number, times: number): void => {
  for (let count = 0; count < times; count++) quickest.observe(ms);
};

test('says nothing before it has seen enough', () => {
  const quickest = new Quickest();
  observe(quickest, 100, lookBack - 1);
  assert.equal(quickest.ms, 0);
  quickest.observe(200);
  assert.equal(quickest.ms, 100);
});

test('follows a quicker answer at once, and forgets it only after many slower ones', () => {
  const quickest = new Quickest();
  observe(quickest, 100, lookBack);
  quickest.observe(5);
  assert.equal(quickest.ms, 5);
  observe(quickest, 100, lookBack - 1);
  assert.equal(quickest.ms, 5);
  observe(quickest, 100, lookBack - 1);
  assert.equal(quickest.ms, 5);
  quickest.observe(100);
  assert.equal(quickest.ms, 100);
});
