import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolverWords } from './resolver-words.ts';

const summaryOf = (text: string): string => resolverWords(text.split('\n')).summary;

test("pip's first ERROR is the summary, without its hints about new versions", () => {
  const text = `Looking in links: /wheels
ERROR: Could not find a version that satisfies the requirement nope (from versions: none)

[notice] A new release of pip is available
ERROR: No matching distribution found for nope`;
  assert.equal(summaryOf(text), 'Could not find a version that satisfies the requirement nope (from versions: none)');
  assert.equal(resolverWords(text.split('\n')).log.length, 2);
});

test('a package that does not build is named, not the exit of a subprocess', () => {
  const text = `Collecting broken
  error: subprocess-exited-with-error

  × Getting requirements to build wheel did not run successfully.
  │ exit code: 1
  ╰─> [3 lines of output]`;
  assert.match(summaryOf(text), /^Getting requirements to build wheel did not run successfully\.: exit code: 1/);
});

test("uv's cause is joined to its headline, in its older and its newer form", () => {
  const older = `  × No solution found when resolving dependencies:
  ╰─▶ Because nope was not found in the package registry and you require nope,
      we can conclude that your requirements are unsatisfiable.`;
  const newer = `Using Python 3.11.7 environment at: v
error: No solution found when resolving dependencies
  cause: Because nope was not found in the package registry and you require nope,
    we can conclude that your requirements are unsatisfiable.

hint: check the name`;
  const expected =
    'No solution found when resolving dependencies: Because nope was not found in the package registry and you require nope, we can conclude that your requirements are unsatisfiable.';
  assert.equal(summaryOf(older), expected);
  assert.equal(summaryOf(newer), expected);
});

test('what the solvers of micromamba and of conda say is told as one sentence', () => {
  const micromamba = `conda-forge/linux-64 (check zst)
error    libmamba Could not solve for environment specs
    The following package could not be installed
    └─ nope * does not exist (perhaps a typo or a missing channel).
critical libmamba Could not solve for environment specs`;
  const expected =
    'Could not solve for environment specs: The following package could not be installed nope * does not exist (perhaps a typo or a missing channel).';
  assert.equal(summaryOf(micromamba), expected);
  const conda = `Collecting package metadata (repodata.json): done
Solving environment: failed

PackagesNotFoundError: The following packages are not available from current channels:

  - nope`;
  assert.equal(summaryOf(conda), 'The following packages are not available from current channels: - nope');
});

test('an installer without an error line is quoted by its last one', () => {
  assert.equal(summaryOf('one\ntwo\n'), 'two');
  assert.equal(summaryOf(''), 'it said nothing');
});
