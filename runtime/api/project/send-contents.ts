import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { SpellError } from '../errors.ts';
import type { Client } from '../http/client-types.ts';
import { eachOf } from './each-of.ts';
import { ChangedMeanwhile, type TreeFile } from './tree.ts';
import { unreadable } from './unreadable.ts';

/** How far the sending is. `files` and `bytes` are what has to be sent, not what the tree has. */
export interface SendProgress {
  files: { sent: number; total: number };
  bytes: { sent: number; total: number };
}

const senders = 8;

/** How many digests are asked about at a time: far below the limit of a request's body. */
const askedAtOnce = 5000;

/**
 * Sends the contents that the control plane does not have yet, each once, streamed from the disk. What was sent before
 * a failure stays there, so that trying again goes on where it ended.
 *
 * Throws `conflict` for a file that is no longer what its digest says.
 */
export async function sendContents(
  client: Client,
  files: readonly TreeFile[],
  onProgress: (progress: SendProgress) => void = () => {},
): Promise<void> {
  const byDigest = new Map(files.map((file) => [file.digest, file]));
  const missing = (await missingOf(client, [...byDigest.keys()])).flatMap((digest) => byDigest.get(digest) ?? []);
  const progress: SendProgress = {
    files: { sent: 0, total: missing.length },
    bytes: { sent: 0, total: missing.reduce((total, { size }) => total + size, 0) },
  };
  await eachOf(missing, senders, async (file) => {
    await sendOne(client, file, (count) => {
      progress.bytes.sent += count;
      onProgress(progress);
    });
    progress.files.sent += 1;
    onProgress(progress);
  });
}

async function missingOf(client: Client, digests: string[]): Promise<string[]> {
  const missing: string[] = [];
  for (let from = 0; from < digests.length; from += askedAtOnce) {
    const answer = await client.missingContents({ body: { digests: digests.slice(from, from + askedAtOnce) } });
    missing.push(...answer.missing);
  }
  return missing;
}

async function sendOne(client: Client, { source, size, digest }: TreeFile, onBytes: (count: number) => void): Promise<void> {
  let read = 0;
  // Other bytes of the same number are found by the control plane, which computes the digest anyhow.
  const checked = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      read += chunk.length;
      onBytes(chunk.length);
      done(read > size ? new ChangedMeanwhile(source) : null, chunk);
    },
    flush(done) {
      done(read === size ? null : new ChangedMeanwhile(source));
    },
  });
  const file = createReadStream(source);
  file.on('error', (error) => checked.destroy(unreadable(source, error)));
  try {
    await client.putContent({ digest, body: file.pipe(checked), size });
  } catch (error) {
    throw error instanceof SpellError && error.code === 'wrong-digest' ? new ChangedMeanwhile(source) : error;
  } finally {
    file.destroy();
  }
}
