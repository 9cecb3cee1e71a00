import { readdir, readFile, stat } from 'node:fs/promises';
import type { Listing } from '../parse/project/files.ts';
import { parentOf } from '../parse/project/paths.ts';
import { isOnDisk } from './uris.ts';

/** A file or folder as it was read. `serial` is never the same for two readings. */
export interface Reading {
  readonly serial: number;
  readonly readAt: number;
  readonly stamp: string;
  readonly text?: string | null;
  readonly listing?: Listing | null;
}

/** Files larger than this are none that anybody wrote by hand. */
export const largestFile = 2 * 2 ** 20;

/**
 * What was read from disk, kept until something says that it changed. Only what a feature asked for is read; files that
 * are not on this machine's disk are as good as absent.
 */
export class Disk {
  readonly #readings = new Map<string, Reading>();
  #serial = 0;

  /** What is known of a path: `text:PATH` and `list:PATH` are separate things. */
  known(key: string): Reading | undefined {
    return this.#readings.get(key);
  }

  get size(): number {
    return this.#readings.size;
  }

  /** Reads everything that was asked for and is not known. */
  async read(keys: Iterable<string>): Promise<void> {
    await Promise.all([...keys].map(async (key) => this.#readings.set(key, await this.#readOne(key))));
  }

  /** Forgets what changed: a path, its folder's listing, and everything below it. True when any of it was known. */
  forget(path: string): boolean {
    let known = false;
    for (const key of this.#readings.keys()) {
      const at = key.slice(5);
      if (at === path || at.startsWith(`${path}/`) || key === `list:${parentOf(path)}`) known = this.#readings.delete(key) || known;
    }
    return known;
  }

  /** Forgets all but what is still needed. */
  keepOnly(needed: ReadonlySet<string>): void {
    for (const key of this.#readings.keys()) if (!needed.has(key)) this.#readings.delete(key);
  }

  /** For clients that watch no files: looks again at what was read a while ago. True when anything changed. */
  async revalidate(olderThanMs: number, now: number): Promise<boolean> {
    const old = [...this.#readings].filter(([, reading]) => now - reading.readAt > olderThanMs);
    const changed = await Promise.all(
      old.map(async ([key, reading]) => {
        const stamp = await stampOf(key.slice(5));
        this.#readings.set(key, { ...reading, readAt: now });
        if (stamp === reading.stamp) return false;
        this.#readings.delete(key);
        return true;
      }),
    );
    return changed.includes(true);
  }

  async #readOne(key: string): Promise<Reading> {
    const path = key.slice(5);
    const common = { serial: ++this.#serial, readAt: Date.now(), stamp: isOnDisk(path) ? await stampOf(path) : 'elsewhere' };
    if (key.startsWith('list:')) return { ...common, listing: isOnDisk(path) ? await list(path) : null };
    return { ...common, text: isOnDisk(path) ? await read(path) : null };
  }
}

async function stampOf(path: string): Promise<string> {
  return stat(path).then(
    ({ mtimeMs, size }) => `${mtimeMs}:${size}`,
    () => 'none',
  );
}

async function read(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    return size > largestFile ? null : await readFile(path, 'utf8');
  } catch {
    return null;
  }
}

async function list(path: string): Promise<Listing | null> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const kinds = await Promise.all(
      entries.map(async (entry) => {
        const folder = entry.isSymbolicLink()
          ? await stat(`${path}/${entry.name}`).then(
              (found) => found.isDirectory(),
              () => false,
            )
          : entry.isDirectory();
        return [entry.name, folder ? 'folder' : 'file'] as const;
      }),
    );
    return new Map(kinds);
  } catch {
    return null;
  }
}
