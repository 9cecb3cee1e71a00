import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { digestOf } from '../manifest.ts';
import { takeSnapshot } from './snapshot.ts';
import { makeTree, type TreeEntry } from './testing.ts';

const home = '/nowhere';

/** The paths that travel with an entrypoint. */
async function pathsOf(context: TestContext, entries: Record<string, TreeEntry>, entrypoint = 'predictor.py'): Promise<string[]> {
  const root = await makeTree(context, { [entrypoint]: 'x', ...entries });
  const { code } = await takeSnapshot({ entrypoint: join(root, entrypoint), home });
  return code.files.map(({ path }) => path);
}

test('the project is the first folder upwards without __init__.py, and the entrypoint is named from there', async (t) => {
  const root = await makeTree(t, { 'src/__init__.py': '', 'src/serving/__init__.py': '', 'src/serving/p.py': 'code', 'data.txt': 'd' });
  const snapshot = await takeSnapshot({ entrypoint: join(root, 'src/serving/p.py'), home });
  assert.equal(snapshot.root, root);
  assert.equal(snapshot.code.entrypoint, 'src/serving/p.py');
  assert.deepEqual(
    snapshot.code.files.map(({ path }) => path),
    ['data.txt', 'src/__init__.py', 'src/serving/__init__.py', 'src/serving/p.py'],
  );
  assert.deepEqual(snapshot.code.files.at(-1), { path: 'src/serving/p.py', size: 4, digest: digestOf('code') });
});

test('environments, caches and repositories never travel, whatever they are called', async (t) => {
  const paths = await pathsOf(t, {
    '.git/HEAD': '',
    '__pycache__/a.pyc': '',
    '.venv/bin/python': '',
    'my env/pyvenv.cfg': '',
    'my env/lib/x.py': '',
    'conda/conda-meta/history': '',
    'web/node_modules/x/index.js': '',
    '.ipynb_checkpoints/a.ipynb': '',
    '.spell/state.db': '',
    '.#predictor.py': { link: 'someone@host.1:2' },
    'été 夏/a b 🎈.txt': '',
    '.hidden': '',
  });
  assert.deepEqual(paths, ['.hidden', 'predictor.py', 'été 夏/a b 🎈.txt']);
});

test('ignore files count, nested ones and negations too, and .spellignore has the last word in its folder', async (t) => {
  const paths = await pathsOf(t, {
    '.gitignore': '*.log\n/build/\nweights/*\n!weights/small.bin\nkept.tmp\n',
    '.spellignore': '!kept.tmp\nnotebooks\n',
    'a.log': '',
    'build/x': '',
    'lib/build/x': '',
    'weights/big.bin': '',
    'weights/small.bin': '',
    'kept.tmp': '',
    'notebooks/n.ipynb': '',
    'lib/.gitignore': '!a.log\n*.txt\n',
    'lib/a.log': '',
    'lib/a.txt': '',
  });
  assert.deepEqual(paths, [
    '.gitignore',
    '.spellignore',
    'kept.tmp',
    'lib/.gitignore',
    'lib/a.log',
    'lib/build/x',
    'predictor.py',
    'weights/small.bin',
  ]);
});

test("the ignore files above the project count up to the repository's root, and not beyond", async (t) => {
  const entries = { '.gitignore': 'secret.txt', 'repo/.gitignore': '*.csv', 'repo/app/secret.txt': '', 'repo/app/data.csv': '' };
  assert.deepEqual(await pathsOf(t, { ...entries, 'repo/.git/HEAD': '' }, 'repo/app/predictor.py'), ['predictor.py', 'secret.txt']);
  assert.deepEqual(await pathsOf(t, entries, 'repo/app/predictor.py'), ['data.csv', 'predictor.py', 'secret.txt']);
});

test('a project that its repository ignores as a whole still has its files; an ignored entrypoint travels', async (t) => {
  const ignored = await pathsOf(t, { '.git/HEAD': '', '.gitignore': 'scratch/', 'scratch/a.py': '' }, 'scratch/predictor.py');
  assert.deepEqual(ignored, ['a.py', 'predictor.py']);
  assert.deepEqual(await pathsOf(t, { '.gitignore': 'predictor.py' }), ['.gitignore', 'predictor.py']);
});

test("Spell's own state stays out of a project that it lies in", async (t) => {
  const root = await makeTree(t, { 'predictor.py': 'x', 'state/token': 'secret', alias: { link: 'state' } });
  const entrypoint = join(root, 'predictor.py');
  const { code } = await takeSnapshot({ entrypoint, home: join(root, 'state') });
  assert.ok(!code.files.some(({ path }) => path.startsWith('state/')));
});

test('links stand for what they lead to, and the executable bit is kept', { skip: process.platform === 'win32' }, async (t) => {
  const root = await makeTree(t, {
    'predictor.py': 'x',
    'lib/a.py': 'a',
    'also.py': { link: 'lib/a.py' },
    libs: { link: 'lib' },
    'run.sh': { script: '#!/bin/sh' },
  });
  const { code } = await takeSnapshot({ entrypoint: join(root, 'predictor.py'), home });
  assert.deepEqual(
    code.files.map(({ path, executable = false }) => [path, executable]),
    [
      ['also.py', false],
      ['lib/a.py', false],
      ['libs/a.py', false],
      ['predictor.py', false],
      ['run.sh', true],
    ],
  );
});

for (const [what, entries, says] of [
  ['out of the project', { 'lib/outside': { link: '/etc/hostname' } }, /lib\/outside.*leads out.*\/etc\/hostname/],
  ['to nothing', { gone: { link: 'missing.py' } }, /gone is a link to missing\.py, where there is nothing/],
  ['back to a folder it lies in', { 'a/b/up': { link: '..' } }, /a\/b\/up is a link back/],
] as const) {
  test(`a link that leads ${what} is refused, and named`, async (t) => {
    await assert.rejects(pathsOf(t, entries), { code: 'bad-path', message: says });
  });
}

test('an ignored link may lead anywhere', async (t) => {
  assert.deepEqual(await pathsOf(t, { '.gitignore': 'data', data: { link: '/etc' } }), ['.gitignore', 'predictor.py']);
});

test('a socket beside the code is passed over', { skip: process.platform === 'win32' }, async (t) => {
  const root = await makeTree(t, { 'predictor.py': 'x' });
  const server = createServer().listen(join(root, 's.sock'));
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { code } = await takeSnapshot({ entrypoint: join(root, 'predictor.py'), home });
  assert.deepEqual(
    code.files.map(({ path }) => path),
    ['predictor.py'],
  );
});

test('what cannot be read is named', { skip: process.platform === 'win32' }, async (t) => {
  const root = await makeTree(t, { 'predictor.py': 'x', 'secret.key': 'x' });
  await chmod(root, 0o755);
  await chmod(join(root, 'secret.key'), 0);
  // The superuser reads everything, so it becomes somebody else meanwhile.
  const isSuperuser = process.geteuid?.() === 0;
  if (isSuperuser) process.seteuid?.(65_534);
  try {
    await assert.rejects(takeSnapshot({ entrypoint: join(root, 'predictor.py'), home }), { code: 'bad-path', message: /secret\.key/ });
  } finally {
    if (isSuperuser) process.seteuid?.(0);
  }
});

test('beyond the limits the largest entries are named, and .spellignore', async (t) => {
  const root = await makeTree(t, {
    'predictor.py': 'x',
    'data/a': 'x'.repeat(300),
    'data/b': 'x'.repeat(300),
    'model.bin': 'x'.repeat(500),
  });
  const entrypoint = join(root, 'predictor.py');
  await assert.rejects(takeSnapshot({ entrypoint, home, limits: { bytes: 1000, files: 10 } }), {
    code: 'too-large',
    message: /1\.1 KiB.*data\/ \(600 B\), model\.bin \(500 B\)/,
    hint: /\.spellignore/,
  });
  await assert.rejects(takeSnapshot({ entrypoint, home, limits: { bytes: 10_000, files: 2 } }), {
    code: 'too-large',
    message: /more than 2 files.*data\/ \(2 files\)/,
  });
});

test('an entrypoint that is missing, a folder, or no Python file', async (t) => {
  const root = await makeTree(t, { 'folder/x.py': '', 'notes.txt': '' });
  await mkdir(join(root, 'empty'));
  for (const [path, says] of [
    ['predictr.py', /predictr\.py/],
    ['folder', /is a folder/],
    ['notes.txt', /not a Python file/],
    ['notes.txt/x.py', /x\.py/],
  ] as const) {
    await assert.rejects(takeSnapshot({ entrypoint: join(root, path), home }), { code: 'bad-path', message: says });
  }
});

test('changes that are in no commit travel', async (t) => {
  const root = await makeTree(t, { '.git/HEAD': '', 'predictor.py': 'old' });
  await writeFile(join(root, 'predictor.py'), 'new');
  const { code } = await takeSnapshot({ entrypoint: join(root, 'predictor.py'), home });
  assert.equal(code.files.find(({ path }) => path === 'predictor.py')?.digest, digestOf('new'));
});
