import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rulesAreCurrent } from './generate-rules.ts';

test("the worker's copy of the start-up faults is current", async () => {
  assert.ok(await rulesAreCurrent(), 'run `node scripts/generate-rules.ts`');
});
