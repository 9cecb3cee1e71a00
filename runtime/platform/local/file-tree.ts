import { constants, createWriteStream } from 'node:fs';
import { chmod, copyFile, link, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileEntry, Manifest } from '../../api/objects.ts';
import type { ArtefactSource } from '../platform.ts';
import { copyContent } from './source.ts';

export interface FileTreeOptions {
  source: ArtefactSource;
  /**
   * `copy`: files of its own, writable by their user. `share`: read-only, and the same file as the source's where both
   * lie on one disk, so that a model of many gigabytes costs nothing.
   */
  files: 'copy' | 'share';
  /** Hears how many bytes are there so far. */
  onProgress: (bytes: number) => void;
  signal: AbortSignal;
}

/** What ends the name of a folder that this process is putting together. */
export const partSuffix = `.${process.pid}.part`;

/** At once: enough to hide a round trip to a far source, few enough not to run out of descriptors. */
const parallel = 8;

/**
 * Lays the files of a manifest out in a folder. They are put together beside it and renamed, so the folder is there
 * whole or not at all.
 */
export async function layOut(files: Manifest, folder: string, options: FileTreeOptions): Promise<void> {
  const beside = `${folder}${partSuffix}`;
  await rm(beside, { recursive: true, force: true });
  try {
    await mkdir(beside, { recursive: true });
    for (const parent of new Set(files.map(({ path }) => dirname(path)))) await mkdir(join(beside, parent), { recursive: true });
    let bytes = 0;
    const count = (more: number): void => {
      bytes += more;
      options.onProgress(bytes);
    };
    const queue = files.values();
    const failure = new AbortController();
    const signal = AbortSignal.any([options.signal, failure.signal]);
    const lanes = Array.from({ length: parallel }, async () => {
      for (const file of queue) {
        signal.throwIfAborted();
        await placeFile(file, join(beside, file.path), { ...options, signal }, count);
      }
    });
    // All have to be over before the folder is removed again; the first failure ends the others.
    await Promise.allSettled(lanes.map((lane) => lane.catch((error: unknown) => failure.abort(error))));
    signal.throwIfAborted();
    await rename(beside, folder);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    throw error;
  }
}

async function placeFile(
  { digest, size, executable = false }: FileEntry,
  target: string,
  { source, files, signal }: FileTreeOptions,
  count: (bytes: number) => void,
): Promise<void> {
  // Whether a file may be executed belongs to the file, not to its name: such a one is never shared.
  const how = executable ? 'copy' : files;
  const near = source.localPath?.(digest);
  const isNear = near !== undefined && (await placeNear(near, target, how));
  if (isNear) count(size);
  else await copyContent(source, digest, createWriteStream(target, { flags: 'wx' }), count, signal);
  // One that is linked is the store's own file, whose mode is the store's.
  if (!isNear || how === 'copy') await chmod(target, (files === 'share' ? 0o444 : 0o644) | (executable ? 0o111 : 0));
}

/** From a file on this machine; false where it cannot be had so (not there, or linked from another disk). */
async function placeNear(near: string, target: string, files: 'copy' | 'share'): Promise<boolean> {
  try {
    if (files === 'share') await link(near, target);
    else await copyFile(near, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'EXDEV' || code === 'EMLINK' || code === 'EPERM' || code === 'ENOTSUP') return false;
    throw error;
  }
}
