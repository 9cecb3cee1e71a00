import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFiles } from './create-files.ts';

test('the files go into the folder, and beside others into one of their own; nothing is written over', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spell-create-'));
  t.after(() => rm(folder, { recursive: true }));
  const plain = { template: 'plain', folder } as const;
  assert.equal(await createFiles({ ...plain, name: 'first' }), join(folder, 'predictor.py'));
  assert.equal(await createFiles({ ...plain, name: 'second' }), join(folder, 'second', 'predictor.py'));
  assert.match(await readFile(join(folder, 'second', 'spell.yaml'), 'utf8'), /^server-name: second$/m);
  await mkdir(join(folder, 'third'));
  await writeFile(join(folder, 'third', 'spell.yaml'), 'mine\n');
  await assert.rejects(createFiles({ ...plain, name: 'third' }), { code: 'exists', message: /third.spell\.yaml/ });
  assert.deepEqual(await readdir(join(folder, 'third')), ['spell.yaml'], 'half of it would be worse than nothing');
  assert.equal(await readFile(join(folder, 'third', 'spell.yaml'), 'utf8'), 'mine\n');
});
