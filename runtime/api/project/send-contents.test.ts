import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { SpellError } from '../errors.ts';
import type { Client } from '../http/client-types.ts';
import { digestOf } from '../manifest.ts';
import { type SendProgress, sendContents } from './send-contents.ts';
import { makeTree } from './testing.ts';
import { digestFiles } from './tree.ts';
import { planUpload } from './upload-tree.ts';

/** A control plane that has some contents and remembers what it was sent. */
function contentsOf(known: string[]): { client: Client; sent: Map<string, string>; asked: string[][] } {
  const sent = new Map<string, string>();
  const asked: string[][] = [];
  const client: Pick<Client, 'missingContents' | 'putContent'> = {
    missingContents: async ({ body: { digests } }) => {
      asked.push(digests);
      return { missing: digests.filter((digest) => !known.includes(digest)) };
    },
    putContent: async ({ digest, body, size }) => {
      const got = await text(body);
      assert.equal(Buffer.byteLength(got), size);
      if (digestOf(got) !== digest) throw new SpellError('wrong-digest', 'the bytes have another digest');
      sent.set(digest, got);
      return null;
    },
  };
  return { client: client as Client, sent, asked };
}

test('only what is missing is sent, equal contents once, with progress over what is sent', async (t) => {
  const root = await makeTree(t, { a: 'known', b: 'new', c: 'new', 'd/empty': '' });
  const files = await digestFiles((await planUpload(root, 'x')).files);
  const { client, sent, asked } = contentsOf([digestOf('known')]);
  const seen: SendProgress[] = [];
  await sendContents(client, files, (progress) => seen.push(structuredClone(progress)));
  assert.equal(asked.length, 1);
  assert.deepEqual(
    sent,
    new Map([
      [digestOf('new'), 'new'],
      [digestOf(''), ''],
    ]),
  );
  assert.deepEqual(seen.at(-1), { files: { sent: 2, total: 2 }, bytes: { sent: 3, total: 3 } });
});

test('a file that changed after it was read is named, also when its size is the same', async (t) => {
  const root = await makeTree(t, { 'a.txt': 'first' });
  const files = await digestFiles((await planUpload(root, 'x')).files);
  for (const changed of ['other', 'longer than before', '']) {
    await writeFile(join(root, 'a.txt'), changed);
    await assert.rejects(sendContents(contentsOf([]).client, files), { code: 'conflict', message: /a\.txt changed/ });
  }
});

test('a file that is gone when it is read is named', async () => {
  const gone = { path: 'a', source: '/nowhere/a', size: 1, executable: false, stamp: '' };
  await assert.rejects(digestFiles([gone]), { code: 'bad-path', message: /\/nowhere\/a/ });
});
