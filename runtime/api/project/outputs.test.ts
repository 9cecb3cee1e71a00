import assert from 'node:assert/strict';
import { mkdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { watchOutputs } from './outputs.ts';
import { makeTree } from './testing.ts';

const before = {
  'train.py': 'code',
  'old.h5': 'weights',
  'data/kept.csv': '1',
  'data/changed.csv': '1',
  '.spellignore': '*.tmp\ncheckpoints/',
  '.gitignore': '*.h5',
};

test('created, changed and replaced files are outputs, also ignored ones of git; those of .spellignore, caches and the home are not', async (t) => {
  const root = await makeTree(t, { ...before, 'home/': '' });
  const find = await watchOutputs({ folder: root, home: join(root, 'home'), save: [] });
  const { mtime } = await stat(join(root, 'old.h5'));
  await makeTreeIn(root, {
    'new.h5': 'w',
    'out/deep/x.json': '{}',
    'noise.tmp': '',
    'checkpoints/1.h5': '',
    '__pycache__/train.pyc': '',
    'home/state.db': '',
  });
  await writeFile(join(root, 'data/changed.csv'), '2');
  // The same size and the same time, as a copy with its attributes may have them: it is another file all the same.
  await writeFile(join(root, 'other'), 'weighty');
  await utimes(join(root, 'other'), mtime, mtime);
  await rename(join(root, 'other'), join(root, 'old.h5'));
  const told: string[] = [];
  const found = await find(({ message }) => told.push(message));
  assert.deepEqual(
    found.map(({ path }) => path),
    ['data/changed.csv', 'new.h5', 'old.h5', 'out/deep/x.json'],
  );
  assert.deepEqual(told, []);
});

test('what is named is taken whole, changed or not, also what is ignored; a name that leads nowhere is told', async (t) => {
  const root = await makeTree(t, { ...before, 'out/a.tmp': '', 'out/sub/b.h5': '', 'outside.h5': '' });
  const find = await watchOutputs({ folder: root, home: '/nowhere', save: ['out/', './old.h5', 'missing'] });
  const told: string[] = [];
  const found = await find(({ message }) => told.push(message));
  assert.deepEqual(
    found.map(({ path }) => path),
    ['old.h5', 'out/a.tmp', 'out/sub/b.h5'],
  );
  assert.deepEqual(told, ['there is nothing at missing']);
});

test('a path that leads out of the folder is refused before anything runs', async (t) => {
  const root = await makeTree(t, before);
  for (const path of ['..', '../x', '/etc', 'data/../../x']) {
    await assert.rejects(watchOutputs({ folder: root, home: '/nowhere', save: [path] }), { code: 'bad-path', message: /leads out of/ });
  }
  await watchOutputs({ folder: root, home: '/nowhere', save: ['..data', join(root, 'data')] });
});

test('a link that leads out is passed over and told, unless it was there before', async (t) => {
  const root = await makeTree(t, { ...before, dataset: { link: '/etc' } });
  const find = await watchOutputs({ folder: root, home: '/nowhere', save: [] });
  await symlink('/etc/hostname', join(root, 'latest'));
  await symlink('..', join(root, 'data', 'up'));
  await writeFile(join(root, 'x.h5'), 'w');
  await rm(join(root, 'train.py'));
  const told: string[] = [];
  const found = await find(({ message }) => told.push(message));
  assert.deepEqual(
    found.map(({ path }) => path),
    ['x.h5'],
  );
  assert.equal(told.length, 2, told.join('\n'));
  assert.match(told.join('\n'), /data\/up is a link back to.*\n.*latest is a link that leads out of/);
});

async function makeTreeIn(root: string, entries: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(entries)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
