import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDefaults } from '../../../api/settings.ts';
import { namesProjectFiles, type Requirements, requirementsOf, requirementsTitle } from './requirements.ts';

test('blank lines and comments are no requirements; without any there is no environment', () => {
  assert.equal(requirementsOf(withDefaults({})), null);
  assert.equal(requirementsOf(withDefaults({ pip: [' '], 'pip-req': { file: 'r.txt', lines: ['', '# none'] } })), null);
  const found = requirementsOf(withDefaults({ pip: ['scipy', 'numpy '], 'pip-req': { file: 'r.txt', lines: ['# why', 'b', 'a'] } }));
  assert.deepEqual(found, { packages: ['numpy', 'scipy'], file: { name: 'r.txt', lines: ['b', 'a'] } });
});

test('the title names a few and counts the rest', () => {
  const of = (packages: string[], name?: string): string => requirementsTitle({ packages, file: name ? { name, lines: [] } : null });
  assert.equal(of(['numpy']), 'numpy');
  assert.equal(of(['a', 'b'], 'sub/requirements.txt'), 'a, b and requirements.txt');
  assert.equal(of(['a', 'b', 'c', 'd', 'e']), 'a, b, c and 2 more');
});

const names = (line: string): boolean => namesProjectFiles({ packages: [line], file: null } satisfies Requirements);

for (const line of [
  './lib',
  '../lib',
  '.',
  '.[extra]',
  '-e .',
  '-e ./lib',
  '-r base.txt',
  '--requirement=base.txt',
  '-cconstraints.txt',
  'wheels/x-1.0-py3-none-any.whl',
  '--find-links wheels',
]) {
  test(`\`${line}\` is a file of the project`, () => assert.ok(names(line)));
}
for (const line of [
  'numpy',
  'numpy>=2 ; python_version < "3.12"',
  'pkg @ https://host/x.whl',
  '-r https://host/r.txt',
  '/abs/x.whl',
  '-e git+https://host/r.git#egg=x',
  '--index-url https://host/',
  'a.b-c==1.0',
  '--no-index',
]) {
  test(`\`${line}\` is none`, () => assert.ok(!names(line)));
}
