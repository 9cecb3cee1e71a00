import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findingsIn, shown } from '../testing/findings.ts';
import { readProject } from '../testing/fixture.ts';
import { mutations } from '../testing/mutations/all-mutations.ts';
import { mutate } from '../testing/mutations/mutation.ts';
import { rules } from './rules/all-rules.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'predictors');

suite('mistakes made in real predictors', () => {
  for (const rule of rules) {
    const own = mutations.filter((mutation) => mutation.code === rule.code);
    test(`${rule.code} is reported for each of its ${own.length} mistakes, and nothing else is an error`, () => {
      assert.ok(own.length >= 3);
      for (const mutation of own) {
        const files = mutate(readProject(join(folder, mutation.project)), mutation);
        const found = findingsIn(files, mutation.told);
        const text = found.map((finding) => shown(finding, files)).join('\n');
        assert.ok(
          found.some((finding) => finding.code === rule.code),
          `${JSON.stringify(mutation)}\nreports:\n${text}`,
        );
        // One mistake is told once, not by every rule that it confuses.
        assert.deepEqual(
          found.filter((finding) => finding.code !== rule.code && finding.severity === 'error').map((finding) => shown(finding, files)),
          [],
          JSON.stringify(mutation),
        );
      }
    });
  }
});
