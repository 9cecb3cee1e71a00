import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findingsIn, shown } from '../testing/findings.ts';
import { readProject } from '../testing/fixture.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'predictors');

suite('predictors as people write them', () => {
  const names = readdirSync(folder).sort();
  test('there are at least seventy of them', () => assert.ok(names.length >= 70));
  for (const name of names) {
    test(`${name}: no error, no warning, no notice`, () => {
      const files = readProject(join(folder, name));
      const found = findingsIn(files).map((finding) => shown(finding, files));
      assert.deepEqual(found, []);
    });
  }
});
