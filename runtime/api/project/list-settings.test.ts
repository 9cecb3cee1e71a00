import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpellError } from '../errors.ts';
import { furtherMountProblem } from '../mounts.ts';
import { listWithout, planList } from './list-settings.ts';

const place = { env: {}, home: '/nowhere' };

test('a mount is meant by its text, its resource or its place; a model with or without its version', () => {
  const mounts = ['uploads/config', 'uploads/text:vocab', 'uploads/text:more/words'];
  for (const [word, left] of [
    ['uploads/config', 2],
    ['uploads/text:vocab', 2],
    ['uploads/text', 1],
    ['more/words', 2],
    ['/mounts/vocab', 2],
  ] as const) {
    assert.equal(listWithout('s', 'mounts', mounts, [word]).length, left, word);
  }
  assert.deepEqual(listWithout('s', 'model', ['a:v1', 'b:demo'], ['b']), ['a:v1']);
  assert.deepEqual(listWithout('s', 'model', ['a:v1', 'b:demo'], ['a:v1', 'b:demo']), []);
});

test('a word that nothing is meant by takes nothing, and says what there is', () => {
  const refused = (list: string[]): string | undefined => {
    try {
      listWithout('s', 'mounts', list, ['uploads/config', 'vocabulary']);
    } catch (error) {
      return error instanceof SpellError ? `${error.code} ${error.message}: ${error.hint}` : String(error);
    }
    return undefined;
  };
  assert.equal(refused(['uploads/config']), 'not-found s has no mount "vocabulary": there are: uploads/config');
  assert.equal(refused([]), 'not-found s has no mount "uploads/config": it has no mount');
});

test('a list replaces its list, and an empty one goes back to the default', async () => {
  assert.deepEqual(await planList('s', 'mounts', ['uploads/a', 'runs/3:b'], place), {
    settings: { mounts: ['uploads/a', 'runs/3:b'] },
    unset: [],
    snapshot: undefined,
  });
  assert.deepEqual(await planList('s', 'model', [], place), { settings: {}, unset: ['model'], snapshot: undefined });
});

test('one more mount has its place below /mounts, and none that another one has', () => {
  assert.equal(furtherMountProblem('uploads/b:vocab', ['uploads/a']), undefined);
  assert.match(furtherMountProblem('uploads/b:../x', []) ?? '', /^"uploads\/b:\.\.\/x" is no mount: \.\.\/x leaves \/mounts$/);
  assert.match(furtherMountProblem('uploads/b:/mounts', []) ?? '', /name a place below it/);
  assert.match(furtherMountProblem('uploads/b:a/deep', ['uploads/a']) ?? '', /clash: uploads\/a would be at \/mounts\/a/);
});
