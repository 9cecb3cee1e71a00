import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const removedSuffix = '.gone';

/**
 * Makes folders not be there, at once; their contents are removed meanwhile, and with them what was left of such
 * removals before. Returns the end of that.
 */
export async function clearFolders(folders: readonly string[]): Promise<() => Promise<void>> {
  for (const folder of folders) await rename(folder, `${folder}.${process.pid}${removedSuffix}`).catch(ignoreMissing);
  return async () => {
    for (const folder of folders) {
      const left = (await readdir(dirname(folder))).filter((name) => name.startsWith(basename(folder)) && name.endsWith(removedSuffix));
      for (const name of left) await rm(join(dirname(folder), name), { recursive: true, force: true });
    }
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
