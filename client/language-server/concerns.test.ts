import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import type * as vscode from 'vscode';
import { beginsPredictor, isConcerned } from './concerns.ts';

const uri = (path: string): vscode.Uri => ({ path }) as vscode.Uri;

async function concerned(
  path: string,
  languageId: string,
  text: string,
  files: Record<string, string>,
  root?: string,
): Promise<[boolean, string[]]> {
  const read: string[] = [];
  const is = await isConcerned(
    { uri: uri(path), languageId, getText: () => text },
    {
      folderOf: () => (root === undefined ? undefined : uri(root)),
      read: async (each) => {
        read.push(each.path);
        return files[each.path];
      },
      join: (from, ...pieces) => uri(posix.join(from.path, ...pieces)),
    },
  );
  return [is, read];
}

test('a predictor says so itself, and nothing is read for it', async () => {
  for (const text of ['from spell.serving import BasePredictor\n', 'x = 1\nimport spell.serving as s\n', 'class P(base.BasePredictor):\n'])
    assert.deepEqual(await concerned('/w/a.py', 'python', text, {}, '/w'), [true, []], text);
  assert.deepEqual(await concerned('/w/spell.yaml', 'yaml', '', {}, '/w'), [true, []]);
});

test('other Python counts where a spell.yaml around it may serve it', async () => {
  const text = 'import spellchecker\nmisspell = 1  # from spell to spell\n';
  assert.deepEqual(await concerned('/w/src/a.py', 'python', text, {}, '/w'), [false, ['/w/src/spell.yaml', '/w/spell.yaml']]);
  assert.deepEqual((await concerned('/w/src/a.py', 'python', text, { '/w/spell.yaml': '' }, '/w'))[0], true);
  assert.deepEqual((await concerned('/w/src/a.py', 'python', text, { '/spell.yaml': '' }, '/w'))[0], false, 'not above the folder');
});

test('YAML and JSON count only where a spell.yaml names them', async () => {
  const files = { '/w/spell.yaml': 'entrypoint: a.py\nconfig: conf/serving.json\n' };
  assert.equal((await concerned('/w/conf/serving.json', 'json', '{}', files, '/w'))[0], true);
  assert.equal((await concerned('/w/package.json', 'json', '{}', files, '/w'))[0], false);
  assert.equal((await concerned('/w/values.yaml', 'yaml', 'from spell import x', {}, '/w'))[0], false);
});

test('a file of no folder is looked at four folders up, and no further than the root', async () => {
  const [, deep] = await concerned('/a/b/c/d/e/f.json', 'json', '', {});
  assert.deepEqual(deep, ['/a/b/c/d/e/spell.yaml', '/a/b/c/d/spell.yaml', '/a/b/c/spell.yaml', '/a/b/spell.yaml']);
  const [, shallow] = await concerned('/a.json', 'json', '', {});
  assert.deepEqual(shallow, ['/spell.yaml']);
});

test('a line that begins a predictor', () => {
  for (const line of ['from spell', 'class Predictor', '  Predictor', 'class MyPredictor(']) assert.ok(beginsPredictor(line), line);
  for (const line of ['y = model.predict(x)', 'from spelling import x', '']) assert.ok(!beginsPredictor(line), line);
});
