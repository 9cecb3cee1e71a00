import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findingsIn, shown } from '../testing/findings.ts';
import { assertSound, fixedAll, fixesOf } from '../testing/fixes.ts';
import { readProject } from '../testing/fixture.ts';
import { mutations } from '../testing/mutations/all-mutations.ts';
import { type Mutation, mutate } from '../testing/mutations/mutation.ts';
import { rules } from './rules/all-rules.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'predictors');
const filesOf = (mutation: Mutation): Record<string, string> => mutate(readProject(join(folder, mutation.project)), mutation);

suite('mistakes made in real predictors', () => {
  for (const rule of rules) {
    const own = mutations.filter((mutation) => mutation.code === rule.code);
    test(`${rule.code} is reported for each of its ${own.length} mistakes, and nothing else is an error`, () => {
      assert.ok(own.length >= 3);
      for (const mutation of own) {
        const files = filesOf(mutation);
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

    test(`${rule.code}: every fix that is offered for its mistakes removes its finding and adds none`, () => {
      for (const mutation of own) {
        const files = filesOf(mutation);
        for (const tried of fixesOf(files, mutation.told)) if (tried.offered) assertSound(files, tried, mutation.told);
        const once = fixedAll(files, mutation.told);
        assert.deepEqual(fixedAll(once, mutation.told), once);
      }
    });
  }

  test('few fixes are kept back, each for what it would break elsewhere', () => {
    const kept = mutations.flatMap((mutation) =>
      fixesOf(filesOf(mutation), mutation.told)
        .filter(({ offered }) => !offered)
        .map(({ finding, fix }) => `${mutation.project} ${finding.code}: ${fix.title}`),
    );
    assert.deepEqual(kept.sort(), [
      // Their `predict` answers one payload.
      'iris-sklearn batch-keys-without-batching: Turn batching on',
      'recommender batch-keys-without-batching: Turn batching on',
      // Its `__init__` does not take what the config has.
      'time-series several-predictors: Serve Other',
    ]);
  });
});
