import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { SpellError } from '../../api/errors.ts';
import { digestOf } from '../../api/manifest.ts';
import { makeFolder } from '../testing/test-control.ts';
import { Contents } from './contents.ts';

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const piece of texts) yield Buffer.from(piece);
}

const isCode = (code: string) => (error: SpellError) => error.code === code;

test('a content is stored once under its digest and comes back as it was', async (t) => {
  const folder = await makeFolder(t);
  const contents = await Contents.open(folder);
  const digest = digestOf('two pieces');
  await contents.put(digest, pieces('two ', 'pieces'));
  await contents.put(digest, pieces('two pieces'));
  assert.equal(await text(await contents.open(digest)), 'two pieces');
  assert.equal(await contents.size(digest), 10);
  assert.equal(readFileSync(contents.localPath(digest), 'utf8'), 'two pieces');
  assert.deepEqual(readdirSync(join(folder, 'incoming')), []);
});

test('other bytes than the digest says are refused, and nothing of them stays', async (t) => {
  const folder = await makeFolder(t);
  const contents = await Contents.open(folder);
  await assert.rejects(contents.put(digestOf('right'), pieces('wrong')), isCode('wrong-digest'));
  assert.deepEqual(await contents.missing([digestOf('right')]), [digestOf('right')]);
  assert.deepEqual(readdirSync(join(folder, 'incoming')), []);
});

test('a sender that breaks off leaves nothing half', async (t) => {
  const folder = await makeFolder(t);
  const contents = await Contents.open(folder);
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('begin');
    throw new Error('gone');
  };
  await assert.rejects(contents.put(digestOf('begin and end'), broken()), /gone/);
  assert.deepEqual(readdirSync(join(folder, 'incoming')), []);
  assert.equal(existsSync(contents.localPath(digestOf('begin and end'))), false);
});

test('a writer killed in the middle of a content leaves none, and the next start removes what it left', async (t) => {
  const folder = await makeFolder(t);
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'testing', 'endless-writer.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(readdirSync(join(folder, 'incoming')).length, 1);
  await Contents.open(folder);
  assert.deepEqual(readdirSync(folder), ['incoming']);
  assert.deepEqual(readdirSync(join(folder, 'incoming')), []);
});

test('equal sets of files have one manifest, whatever their order', async (t) => {
  const contents = await Contents.open(await makeFolder(t));
  const a = { path: 'a', size: 1, digest: digestOf('a') };
  const b = { path: 'b', size: 1, digest: digestOf('b'), executable: true };
  const digest = await contents.putManifest([b, a]);
  assert.equal(await contents.putManifest([a, b]), digest);
  assert.deepEqual(contents.manifest(digest), [a, b]);
  assert.throws(() => contents.manifest(digestOf('none')), isCode('not-found'));
  await assert.rejects(contents.open(digestOf('none')), isCode('not-found'));
});

test('only what nobody has sent or asked about lately can be removed', async (t) => {
  const contents = await Contents.open(await makeFolder(t));
  const words = ['named', 'asked', 'sent', 'old'];
  const [named, asked, sent, old] = words.map(digestOf);
  assert.ok(named && asked && sent && old);
  const past = new Date('2026-01-01T00:00:00Z');
  for (const word of words) {
    await contents.put(digestOf(word), pieces(word));
    utimesSync(contents.localPath(digestOf(word)), past, past);
  }
  await contents.missing([asked]);
  await contents.put(sent, pieces('sent'));
  const unnamed = await Array.fromAsync(contents.unnamed(new Set([named])));
  assert.deepEqual(new Set(unnamed.map(({ digest }) => digest)), new Set([asked, sent, old]));
  assert.deepEqual(
    unnamed.find(({ digest }) => digest === old),
    { digest: old, size: 3, usedAt: past },
  );
  const before = new Date('2026-01-02T00:00:00Z');
  assert.deepEqual(
    [asked, sent, old].map((digest) => contents.remove(digest, before)),
    [false, false, true],
  );
  assert.deepEqual(await contents.missing([named, asked, sent, old]), [old]);
});

test('a folder that cannot be written is an error of the disk and not of the sender', async (t) => {
  const folder = await makeFolder(t);
  const contents = await Contents.open(folder);
  const digest = digestOf('x');
  // Where a folder is wanted stands a file; that also stops root, whom permissions do not.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, digest.slice(7, 9)), '');
  await assert.rejects(
    contents.put(digest, pieces('x')),
    (error: NodeJS.ErrnoException) => error.code === 'EEXIST' || error.code === 'ENOTDIR',
  );
  assert.deepEqual(readdirSync(join(folder, 'incoming')), []);
});
