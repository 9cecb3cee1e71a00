import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { SpellError } from '../errors.ts';
import type { FileEntry, Manifest } from '../objects.ts';
import { eachOf } from './each-of.ts';
import { unreadable } from './unreadable.ts';
import type { FoundFile } from './walk.ts';

/** A file with the digest of what was in it, and where to read it again. */
export type TreeFile = FileEntry & { source: string };

/** How many files are read at a time. */
const readers = 8;

const readAtOnceBytes = 512 * 1024;

/** Reads every file once for its digest. Throws `bad-path` for one that cannot be read, `conflict` for one that changes meanwhile. */
export async function digestFiles(found: readonly FoundFile[], onBytes: (count: number) => void = () => {}): Promise<TreeFile[]> {
  const files = new Array<TreeFile>(found.length);
  await eachOf(found, readers, async ({ path, source, size, executable }, index) => {
    const digest = await digestFile(source, size, onBytes);
    files[index] = { path, size, digest, ...(executable ? { executable } : {}), source };
  });
  return files;
}

/** The files as the API takes them. */
export function toManifest(files: readonly TreeFile[]): Manifest {
  return files.map(({ source: _, ...entry }) => entry);
}

async function digestFile(source: string, size: number, onBytes: (count: number) => void): Promise<string> {
  const hash = createHash('sha256');
  // One buffer for the whole file: a stream would leave one behind for each 64 KiB.
  const buffer = Buffer.allocUnsafeSlow(Math.min(size + 1, readAtOnceBytes));
  let read = 0;
  let handle: FileHandle | undefined;
  try {
    handle = await open(source);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      read += bytesRead;
      onBytes(bytesRead);
    }
  } catch (error) {
    throw unreadable(source, error);
  } finally {
    await handle?.close();
  }
  if (read !== size) throw new ChangedMeanwhile(source);
  return `sha256:${hash.digest('hex')}`;
}

/** What is told of a file that was written to while it was read or sent. */
export class ChangedMeanwhile extends SpellError {
  readonly source: string;

  constructor(source: string) {
    super('conflict', `${source} changed while it was read`, 'nothing was registered; try again once it is written');
    this.source = source;
  }
}
