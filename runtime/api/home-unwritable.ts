import { asSpellError, SpellError } from './errors.ts';

/** What a home that could not be made or written means: `disk-full`, or `home-unwritable` with the folder and what to do. */
export function homeUnwritable(home: string, error: unknown): SpellError {
  const known = asSpellError(error);
  if (known.code === 'disk-full') return known;
  return new SpellError(
    'home-unwritable',
    `the folder for Spell's state cannot be written: ${known.message}`,
    `make ${home} writable, or name another folder: SPELL_HOME=FOLDER`,
    { cause: error },
  );
}
