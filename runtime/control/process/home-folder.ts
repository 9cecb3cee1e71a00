import { access, constants, mkdir } from 'node:fs/promises';
import { homeUnwritable } from '../../api/home-unwritable.ts';

/** Makes a home, for its owner alone, and checks that it can be written. Throws `home-unwritable` or `disk-full`. */
export async function openHomeFolder(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await access(home, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw homeUnwritable(home, error);
  }
}
