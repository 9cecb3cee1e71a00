import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isStateOfHome } from '../../api/home.ts';

/**
 * Removes all state from a home, and the folder itself when nothing else is in it. What is not ours is kept and its
 * names are returned: SPELL_HOME may name a folder that somebody uses for more.
 */
export async function purgeHome(home: string): Promise<string[]> {
  const entries = await readdir(home).catch(() => []);
  await Promise.all(entries.filter(isStateOfHome).map((entry) => rm(join(home, entry), { recursive: true, force: true })));
  const kept = await readdir(home).catch(() => []);
  if (kept.length === 0) await rmdir(home).catch(() => {});
  return kept;
}
