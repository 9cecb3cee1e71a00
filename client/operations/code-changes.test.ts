import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesBetween } from './code-changes.ts';

const file = (path: string, digest: string): { path: string; size: number; digest: string } => ({ path, size: 1, digest });

test('files that are new, changed or gone are named, with what was there before; equal ones are not', () => {
  const before = [file('b.py', '1'), file('a.py', '2'), file('same.py', '3')];
  const after = [file('same.py', '3'), file('a.py', '4'), file('new.py', '5')];
  assert.deepEqual(changesBetween(before, after), [
    { path: 'a.py', digest: '2', isGone: false },
    { path: 'b.py', digest: '1', isGone: true },
    { path: 'new.py', digest: undefined, isGone: false },
  ]);
  assert.deepEqual(changesBetween(after, after), []);
});
