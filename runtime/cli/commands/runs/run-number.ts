import { SpellError } from '../../../api/errors.ts';

/** The number of a run, written `3` or `runs/3`. Throws `usage`. */
export function readRunNumber(said: string): string {
  const number = /^(?:runs\/)?([0-9]+)$/.exec(said)?.[1];
  if (number !== undefined) return String(Number(number));
  throw new SpellError('usage', `${JSON.stringify(said)} is no run`, 'a run is written runs/3, or 3; `spell runs` lists them');
}
