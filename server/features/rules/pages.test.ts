import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { applyFix } from '../../testing/apply.ts';
import { findingsIn, shown } from '../../testing/findings.ts';
import { rules } from './all-rules.ts';
import type { ExampleFiles, Rule } from './rule.ts';

function filesOf(example: string | ExampleFiles): ExampleFiles {
  return typeof example === 'string' ? { 'predictor.py': example } : example;
}

suite('the examples of every rule’s page', () => {
  for (const rule of rules) {
    test(`${rule.code}: the bad one gets this finding and no other`, () => {
      const files = filesOf(rule.page.bad);
      const found = findingsIn(files, rule.page.told);
      assert.ok(found.length > 0, 'nothing is reported');
      for (const finding of found) assert.equal(finding.code, rule.code, shown(finding, files));
      for (const finding of found) assert.equal(finding.severity, rule.severity);
    });
    test(`${rule.code}: the good one gets none`, () => {
      const files = filesOf(rule.page.good);
      assert.deepEqual(
        findingsIn(files, rule.page.told).map((finding) => shown(finding, files)),
        [],
      );
    });
    test(`${rule.code}: every fix of the bad one removes its finding and adds none`, () => checkFixes(rule));
  }
});

function checkFixes(rule: Rule): void {
  const files = filesOf(rule.page.bad);
  const before = findingsIn(files, rule.page.told);
  for (const finding of before) {
    for (const fix of finding.fixes?.() ?? []) {
      const after = applyFix(files, fix);
      const left = findingsIn(after, rule.page.told).map((each) => `${each.file} ${each.code} ${each.message}`);
      assert.ok(left.length < before.length, `“${fix.title}” leaves ${left.join('; ')}\n${Object.values(after).join('\n---\n')}`);
    }
  }
}
