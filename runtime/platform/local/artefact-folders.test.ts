import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { digestOf, manifestText } from '../../api/manifest.ts';
import type { Manifest } from '../../api/objects.ts';
import type { ArtefactSource } from '../platform.ts';
import { ArtefactFolders, type ArtefactRequest } from './artefact-folders.ts';
import { readManifest } from './source.ts';

let root: string;
const quiet = { signal: new AbortController().signal, onProgress: () => {} };

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'spell-artefacts-'));
});
after(() => rm(root, { recursive: true, force: true }));

/** A store in memory or, with a folder, on this disk. `tamper` changes what a digest is answered with. */
function makeStore(
  folder?: string,
): ArtefactSource & { add(text: string): Promise<string>; opened: string[]; tamper: Map<string, string> } {
  const contents = new Map<string, string>();
  const opened: string[] = [];
  const tamper = new Map<string, string>();
  return {
    opened,
    tamper,
    async add(text) {
      const digest = digestOf(text);
      contents.set(digest, text);
      if (folder) await writeFile(join(folder, digest.slice(7)), text, { mode: 0o444 });
      return digest;
    },
    async open(digest) {
      opened.push(digest);
      const text = tamper.get(digest) ?? contents.get(digest);
      if (text === undefined) throw Object.assign(new Error(`no ${digest}`), { code: 'not-found' });
      return Readable.from([Buffer.from(text.slice(0, 3)), Buffer.from(text.slice(3))]);
    },
    ...(folder ? { localPath: (digest) => join(folder, digest.slice(7)) } : {}),
  };
}

async function makeProject(store: ReturnType<typeof makeStore>): Promise<{ files: Manifest; request: ArtefactRequest }> {
  const texts: Record<string, string> = { 'predictor.py': 'class P: ...', 'pkg/Ünïcode name.txt': 'hello', 'run.sh': '#!/bin/sh' };
  const files: Manifest = [];
  for (const [path, text] of Object.entries(texts)) {
    const digest = await store.add(text);
    files.push({ path, size: text.length, digest, ...(path === 'run.sh' ? { executable: true } : {}) });
  }
  const digest = await store.add(manifestText(files));
  const read: ArtefactRequest['read'] = (signal) => readManifest(store, digest, signal);
  return { files, request: { name: digest.slice(7), title: 'the code', files: 'copy', read } };
}

test('a manifest read by digest becomes a folder with its files, modes and bytes', async () => {
  const store = makeStore();
  const { request } = await makeProject(store);
  const folder = await new ArtefactFolders(join(root, 'streamed'), store).get(request, quiet);
  assert.equal(await readFile(join(folder, 'pkg', 'Ünïcode name.txt'), 'utf8'), 'hello');
  assert.equal((await stat(join(folder, 'run.sh'))).mode & 0o777, 0o755);
  assert.equal((await stat(join(folder, 'predictor.py'))).mode & 0o777, 0o644);
  const before = store.opened.length;
  await new ArtefactFolders(join(root, 'streamed'), store).get(request, quiet);
  assert.equal(store.opened.length, before, 'what is there is not fetched again');
});

test('on one disk a model is the same file as the store has, and code is a copy', async () => {
  const shelf = await mkdtemp(join(root, 'shelf-'));
  const store = makeStore(shelf);
  const { files, request } = await makeProject(store);
  const folders = new ArtefactFolders(join(root, 'near'), store);
  const model = await folders.get({ ...request, name: 'model', files: 'share' }, quiet);
  const code = await folders.get(request, quiet);
  const inode = async (path: string): Promise<number> => (await stat(path)).ino;
  const stored = join(shelf, (files[0]?.digest ?? '').slice(7));
  assert.equal(await inode(join(model, 'predictor.py')), await inode(stored));
  assert.notEqual(await inode(join(code, 'predictor.py')), await inode(stored));
  assert.equal((await stat(join(model, 'predictor.py'))).mode & 0o777, 0o444);
  assert.equal((await stat(join(model, 'run.sh'))).mode & 0o777, 0o555);
  assert.equal((await stat(stored)).mode & 0o777, 0o444);
  assert.equal(store.opened.length, 2, 'only the manifests were read through the source');
});

test('a content with other bytes than its digest names leaves no folder behind', async () => {
  const store = makeStore();
  const { files, request } = await makeProject(store);
  store.tamper.set(files[1]?.digest ?? '', 'hellO');
  const place = join(root, 'tampered');
  await assert.rejects(new ArtefactFolders(place, store).get(request, quiet), /the content that came for sha256:[0-9a-f]+ is another one/);
  assert.deepEqual(await readdir(place), []);
});

test('a manifest whose path leaves its folder is refused', async () => {
  const store = makeStore();
  const digest = await store.add(JSON.stringify([{ path: '../evil', size: 1, digest: digestOf('x') }]));
  await assert.rejects(readManifest(store, digest, quiet.signal), /"\.\.\/evil" does not stay below its folder/);
});

test('a missing content fails with its digest', async () => {
  const store = makeStore();
  const request: ArtefactRequest = {
    name: 'missing',
    title: 'the code',
    files: 'copy',
    read: async () => [{ path: 'a', size: 1, digest: digestOf('never stored') }],
  };
  await assert.rejects(new ArtefactFolders(join(root, 'missing'), store).get(request, quiet), { code: 'not-found' });
});

test('unused folders and the leftovers of a killed control plane are removed; what is used, or being made, stays', async () => {
  const store = makeStore();
  const { request } = await makeProject(store);
  const place = join(root, 'sweep');
  const folders = new ArtefactFolders(place, store);
  await folders.get({ ...request, name: 'used' }, quiet);
  await folders.get({ ...request, name: 'unused' }, quiet);
  await writeFile(join(place, 'half.1.part'), '');
  await writeFile(join(place, `now.${process.pid}.part`), '');
  await folders.removeUnused((name) => name === 'used');
  assert.deepEqual((await readdir(place)).sort(), [`now.${process.pid}.part`, 'used']);
});
