import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSince } from './read-since.ts';

const now = new Date('2026-01-31T12:00:00Z');

test('how long ago, times of any zone and positions are understood', () => {
  assert.equal(readSince('90s', now), '2026-01-31T11:58:30.000Z');
  assert.equal(readSince('1d', now), '2026-01-30T12:00:00.000Z');
  assert.equal(readSince('2026-01-31T12:00:00+02:00', now), '2026-01-31T10:00:00.000Z');
  assert.equal(readSince('2026-01-31T12:00:00.001Z-000002', now), '2026-01-31T12:00:00.001Z-000002');
});

test('anything else is refused by what was written', () => {
  for (const text of ['', '10', '10w', 'yesterday', '12:00', '2026-13-40T00:00:00Z', '2026-01-31T12:00:00.001Z-2'])
    assert.throws(() => readSince(text, now), { code: 'usage', message: new RegExp(`--since: ${JSON.stringify(text)}`) });
});
