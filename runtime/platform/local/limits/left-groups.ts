import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeGroups } from './cgroups.ts';

// A gateway that was killed leaves its control groups; who comes after it cannot guess where they were.

const noteIn = (folder: string): string => join(folder, 'cgroups.json');

/** Notes which groups a gateway makes, before it makes the first. `folder` is that of the local platform in `$SPELL_HOME`. */
export async function noteGroups(folder: string, groups: readonly string[]): Promise<void> {
  const beside = `${noteIn(folder)}.part`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(beside, JSON.stringify(groups), { mode: 0o600 });
  await rename(beside, noteIn(folder));
}

/** Removes the groups that a gateway of this home made, as far as no process is left in them. */
export async function removeLeftGroups(folder: string, say: (line: string) => void): Promise<void> {
  const left = await removeGroups(await notedGroups(folder));
  if (left.length > 0) say(`these control groups cannot be removed: ${left.join(', ')}`);
  else await rm(noteIn(folder), { force: true });
}

async function notedGroups(folder: string): Promise<string[]> {
  try {
    return JSON.parse(await readFile(noteIn(folder), 'utf8')) as string[];
  } catch {
    return [];
  }
}
