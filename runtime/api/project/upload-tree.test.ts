import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTree } from './testing.ts';
import { planUpload } from './upload-tree.ts';

test('of a folder its content lies directly under the name, hidden and ignored files too', async (t) => {
  const root = await makeTree(t, { 'weights/.hidden': '', 'weights/.gitignore': '*', 'weights/a/b.bin': 'x' });
  const { name, files } = await planUpload(join(root, 'weights'));
  assert.equal(name, 'weights');
  assert.deepEqual(
    files.map(({ path }) => path),
    ['.gitignore', '.hidden', 'a/b.bin'],
  );
});

test('a single file keeps its name below the name of the upload', async (t) => {
  const root = await makeTree(t, { 'my model.h5': 'x' });
  const { name, files } = await planUpload(join(root, 'my model.h5'), 'cifar');
  assert.deepEqual([name, files.map(({ path }) => path)], ['cifar', ['my model.h5']]);
});

test('a name against the rules, and one that the path does not give', async (t) => {
  const root = await makeTree(t, { 'odd names/x': '' });
  await assert.rejects(planUpload(join(root, 'odd names')), { code: 'bad-name', hint: /--name/ });
  await assert.rejects(planUpload(join(root, 'odd names'), 'a--b'), { code: 'bad-name', message: /a--b/ });
});

test('nothing there, an empty folder, a link that leads out, a socket', { skip: process.platform === 'win32' }, async (t) => {
  const root = await makeTree(t, { 'empty/inner/': '', 'linked/outside': { link: '/etc/hostname' }, 'linked/x': '', 'talking/x': '' });
  await assert.rejects(planUpload(join(root, 'missing')), { code: 'bad-path', message: /missing/ });
  await assert.rejects(planUpload(join(root, 'empty')), { code: 'bad-path', message: /empty/ });
  await assert.rejects(planUpload(join(root, 'linked')), { code: 'bad-path', message: /linked\/outside/ });
  const server = createServer().listen(join(root, 'talking', 's.sock'));
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  await assert.rejects(planUpload(join(root, 'talking')), { code: 'bad-path', message: /s\.sock is neither/ });
});
