import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Disk } from './disk.ts';
import { pathOfUri, uriOfPath } from './uris.ts';

test('what was read is kept until it is said to have changed, with its folder and all below it', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'spell-disk-'));
  context.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'sub', 'a.py'), 'x = 1\n');
  await symlink(join(folder, 'sub'), join(folder, 'linked'));
  const disk = new Disk();
  const [text, list, absent] = [`text:${folder}/sub/a.py`, `list:${folder}`, `text:${folder}/none.py`];
  await disk.read([text, list, absent, 'text:vscode-vfs://github/a.py']);
  assert.equal(disk.known(text)?.text, 'x = 1\n');
  assert.deepEqual([...(disk.known(list)?.listing ?? [])].sort(), [
    ['linked', 'folder'],
    ['sub', 'folder'],
  ]);
  assert.equal(disk.known(absent)?.text, null);
  assert.equal(disk.known('text:vscode-vfs://github/a.py')?.text, null);

  assert.equal(disk.forget(`${folder}/other/b.py`), false, 'nobody has read it');
  assert.equal(disk.forget(`${folder}/sub`), true);
  assert.equal(disk.known(text), undefined);
  assert.equal(disk.known(list), undefined, 'the folder that holds it may have one name less');
});

test('without a client that watches, a file that changed is found out by looking again', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'spell-disk-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'a.py');
  await writeFile(file, 'x = 1\n');
  const disk = new Disk();
  await disk.read([`text:${file}`]);
  const read = Date.now();
  await writeFile(file, 'x = 12\n');
  assert.equal(await disk.revalidate(1000, read + 500), false, 'it is too early to look');
  assert.equal(await disk.revalidate(1000, read + 2000), true);
  assert.equal(disk.known(`text:${file}`), undefined);
});

test('URIs become paths and back: escapes, drives, other schemes', () => {
  assert.equal(pathOfUri('file:///home/a%20b/%C3%A9.py'), '/home/a b/é.py');
  assert.equal(uriOfPath('/home/a b/é.py'), 'file:///home/a%20b/%C3%A9.py');
  assert.equal(pathOfUri('vscode-vfs://github/a/b%20c.py'), 'vscode-vfs://github/a/b c.py');
  assert.equal(uriOfPath('vscode-vfs://github/a/b c.py'), 'vscode-vfs://github/a/b%20c.py');
  assert.equal(pathOfUri('nonsense'), undefined);
});
