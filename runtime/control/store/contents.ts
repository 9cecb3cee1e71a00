import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { SpellError } from '../../api/errors.ts';
import { digestOf, manifestText } from '../../api/manifest.ts';
import type { Manifest } from '../../api/objects.ts';
import type { ArtefactSource } from '../../platform/platform.ts';

/** How many files are looked at in one turn of the event loop: a fraction of a millisecond. */
const lookAtOnce = 64;

/** A content as it lies on the disk. */
export interface StoredContent {
  digest: string;
  size: number;
  /** When somebody last sent it or asked about it. */
  usedAt: Date;
}

/**
 * Files by the digest of their bytes, below one folder: `ab/cdef…`. A content is written beside its place, hashed
 * meanwhile, flushed, and renamed; so what has a digest's name has that digest, whatever was killed when.
 */
export class Contents implements ArtefactSource {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder, and removes what writers that were killed left. The caller holds the home's lock. */
  static async open(folder: string): Promise<Contents> {
    const contents = new Contents(folder);
    await rm(contents.#incoming, { recursive: true, force: true });
    await mkdir(contents.#incoming, { recursive: true, mode: 0o700 });
    return contents;
  }

  /**
   * Stores one content, whose pieces are its own from then on. Throws `wrong-digest` when the bytes are others, and `disk-full`; nothing half stays. Sending
   * what is already there is read to its end and changes nothing.
   */
  async put(digest: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.#use(digest)) {
      for await (const _ of bytes);
      return;
    }
    const beside = join(this.#incoming, randomUUID());
    try {
      const found = await this.#write(beside, bytes);
      if (found !== digest) {
        throw new SpellError(
          'wrong-digest',
          `the bytes sent as ${digest} have the digest ${found}`,
          'the file was changed while it was sent: send it again',
        );
      }
      await this.#place(beside, digest);
    } catch (error) {
      await rm(beside, { force: true });
      throw explainUnwritable(error, this.#folder);
    }
  }

  /** Stores a manifest and returns its digest, which names the set of files. */
  async putManifest(files: Manifest): Promise<string> {
    const text = manifestText(files);
    const digest = digestOf(text);
    await this.put(digest, only(Buffer.from(text)));
    return digest;
  }

  /** The files that a manifest names. Reads at once, so that a transaction can ask. Throws `not-found` when there is none of that digest. */
  manifest(digest: string): Manifest {
    try {
      return JSON.parse(readFileSync(this.localPath(digest), 'utf8')) as Manifest;
    } catch (error) {
      throw explainMissing(error, digest);
    }
  }

  /**
   * Which of these are not there. Those that are count as used from now on, so that the sweep leaves them alone until
   * what they were sent for is registered.
   */
  async missing(digests: Iterable<string>): Promise<string[]> {
    const wanted = [...new Set(digests)];
    const missing: string[] = [];
    for (let start = 0; start < wanted.length; start += lookAtOnce) {
      if (start > 0) await turn();
      missing.push(...wanted.slice(start, start + lookAtOnce).filter((digest) => !this.#use(digest)));
    }
    return missing;
  }

  /** The bytes that one content has; undefined when it is not there. */
  async size(digest: string): Promise<number | undefined> {
    return (await stat(this.localPath(digest)).catch(() => undefined))?.size;
  }

  async open(digest: string): Promise<Readable> {
    const handle = await open(this.localPath(digest)).catch((error) => {
      throw explainMissing(error, digest);
    });
    return createReadStream('', { fd: handle });
  }

  localPath(digest: string): string {
    const hex = digest.slice('sha256:'.length);
    return join(this.#folder, hex.slice(0, 2), hex.slice(2));
  }

  /** Every content that `keep` does not name. */
  async *unnamed(keep: ReadonlySet<string>): AsyncGenerator<StoredContent> {
    for (const shelf of await readdir(this.#folder)) {
      if (!/^[0-9a-f]{2}$/.test(shelf)) continue;
      for (const rest of await readdir(join(this.#folder, shelf))) {
        const digest = `sha256:${shelf}${rest}`;
        const found = keep.has(digest) ? undefined : this.#look(digest);
        if (found) yield found;
      }
    }
  }

  /**
   * Removes a content, unless somebody has sent it or asked about it since `before`. Returns whether it was removed. It looks and
   * removes in one turn, as {@link missing} does: nobody is told that something is there which is about to go.
   */
  remove(digest: string, before: Date): boolean {
    const found = this.#look(digest);
    if (!found || found.usedAt >= before) return false;
    rmSync(this.localPath(digest), { force: true });
    return true;
  }

  #look(digest: string): StoredContent | undefined {
    const found = statSync(this.localPath(digest), { throwIfNoEntry: false });
    return found && { digest, size: found.size, usedAt: found.mtime };
  }

  /** Whether a content is there; if it is, it counts as used now. */
  #use(digest: string): boolean {
    if (!this.#look(digest)) return false;
    const now = new Date();
    utimesSync(this.localPath(digest), now, now);
    return true;
  }

  get #incoming(): string {
    return join(this.#folder, 'incoming');
  }

  async #write(path: string, bytes: AsyncIterable<Uint8Array>): Promise<string> {
    const hash = createHash('sha256');
    const handle = await open(path, 'wx', 0o444);
    try {
      for await (const chunk of bytes) {
        const written = handle.appendFile(chunk);
        // Meanwhile: a thread of Node's pool writes.
        hash.update(chunk);
        await written;
        release(chunk);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    return `sha256:${hash.digest('hex')}`;
  }

  async #place(beside: string, digest: string): Promise<void> {
    const path = this.localPath(digest);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(beside, path);
    await syncFolder(dirname(path));
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/**
 * Gives the memory of a piece back at once. Left to itself V8 collects such pieces only when there are tens of megabytes of them. One
 * that shares its memory with others is left alone.
 */
function release(piece: Uint8Array): void {
  if (piece.buffer instanceof ArrayBuffer && piece.byteLength === piece.buffer.byteLength) piece.buffer.transfer(0);
}

/** A rename is on the disk when its folder is. Windows has no such call, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  let handle: FileHandle | undefined;
  try {
    handle = await open(path);
    await handle.sync();
  } finally {
    await handle?.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function explainMissing(error: unknown, digest: string): unknown {
  return isMissing(error) ? new SpellError('not-found', `there is no content ${digest}`, undefined, { cause: error }) : error;
}

/** A full disk is explained by whoever answers; a folder that may not be written is known here. */
function explainUnwritable(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') return error;
  const hint = 'make the folder writable, or set SPELL_HOME to another one; nothing was changed';
  return new SpellError('home-unwritable', `${folder} cannot be written: ${(error as Error).message}`, hint, { cause: error });
}
