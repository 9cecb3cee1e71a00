import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The sizes of all files below a folder, each link counted once as itself. What vanishes meanwhile, or may not be read, counts nothing. */
export async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let sum = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    sum += entry.isDirectory()
      ? await bytesBelow(path)
      : await lstat(path).then(
          ({ size }) => size,
          () => 0,
        );
  }
  return sum;
}
