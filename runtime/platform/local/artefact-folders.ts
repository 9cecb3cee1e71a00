import { renameSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../../api/objects.ts';
import type { ArtefactSource } from '../platform.ts';
import { type FileTreeOptions, layOut, partSuffix } from './file-tree.ts';
import { SharedWork, type Wanted } from './shared-work.ts';

/** Which folder, how people call what is in it, and what that is. */
export interface ArtefactRequest {
  name: string;
  title: string;
  files: FileTreeOptions['files'];
  read: (signal: AbortSignal) => Promise<Manifest>;
}

/** Folders that are copies of what the store has, one for each set of files, made when they are first asked for. */
export class ArtefactFolders {
  readonly #root: string;
  readonly #source: ArtefactSource;
  readonly #work = new SharedWork<string>();

  constructor(root: string, source: ArtefactSource) {
    this.#root = root;
    this.#source = source;
  }

  /** Where the folder of a name lies, or will lie. */
  pathOf(name: string): string {
    return join(this.#root, name);
  }

  /** The folder, complete. Made once, however many ask. */
  async get({ name, title, files, read }: ArtefactRequest, wanted: Wanted): Promise<string> {
    return this.#work.run(name, wanted, async ({ signal, onProgress }) => {
      const folder = this.pathOf(name);
      if (await stat(folder).catch(() => null)) return folder;
      await mkdir(this.#root, { recursive: true });
      const entries = await read(signal);
      const whole = entries.reduce((sum, { size }) => sum + size, 0);
      const report = (bytes: number): void => onProgress(`${title}: ${megabytes(bytes)} of ${megabytes(whole)} MB`);
      await layOut(entries, folder, { source: this.#source, files, signal, onProgress: whole < 10_000_000 ? () => {} : report });
      return folder;
    });
  }

  /**
   * Removes the folders that are not in use, and what a control plane that was killed left half made. `isUsed` is asked
   * in the moment before each removal, so a use that is noted first is never overlooked.
   */
  async removeUnused(isUsed: (name: string) => boolean): Promise<void> {
    for (const entry of await readdir(this.#root).catch(() => [])) {
      const path = join(this.#root, entry);
      const isBeingMade = entry.endsWith(partSuffix);
      if (isBeingMade || isUsed(entry)) continue;
      const removed = entry.endsWith(removedSuffix) || isLeftover(entry) ? path : `${path}${removedSuffix}`;
      if (removed !== path) renameSync(path, removed);
      await rm(removed, { recursive: true, force: true });
    }
  }
}

const removedSuffix = '.gone';

/** Of another process: there is one control plane at a time, so it was killed. */
function isLeftover(entry: string): boolean {
  return entry.endsWith('.part');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0);
}
