import { access, constants, mkdir } from 'node:fs/promises';
import { asSpellError, SpellError } from '../../api/errors.ts';

/** Makes a home, for its owner alone, and checks that it can be written. Throws `home-unwritable` or `disk-full`. */
export async function openHomeFolder(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await access(home, constants.W_OK | constants.X_OK);
  } catch (error) {
    const known = asSpellError(error);
    if (known.code === 'disk-full') throw known;
    throw new SpellError(
      'home-unwritable',
      `the folder for Spell's state cannot be written: ${known.message}`,
      `make ${home} writable, or name another folder: SPELL_HOME=FOLDER`,
      { cause: error },
    );
  }
}
