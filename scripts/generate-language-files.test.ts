import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outdatedLanguageFiles } from './generate-language-files.ts';

test("the rules' pages and the schema of spell.yaml say what the rules and the table of settings say", async () => {
  assert.deepEqual(await outdatedLanguageFiles(), [], 'run `node scripts/generate-language-files.ts`');
});
