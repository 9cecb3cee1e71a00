import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EntryRing } from './entry-ring.ts';

test('the newest entries are kept by their numbers, and as many are dropped as came beyond', () => {
  const ring = new EntryRing(3);
  for (let count = 0; count < 8; count++) ring.push({ marker: String(count) });
  assert.deepEqual([ring.first, ring.end], [5, 8]);
  assert.deepEqual(
    [4, 5, 6, 7, 8].map((number) => ring.get(number)),
    [undefined, { marker: '5' }, { marker: '6' }, { marker: '7' }, undefined],
  );
});
