import { SpellError } from '../../api/errors.ts';

/** Reads a number out of a query or header. Throws `bad-request` for what is none, saying what it was meant to be. */
export function wholeNumber(text: string, meaning: string): number {
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  throw new SpellError('bad-request', `${JSON.stringify(text)} is no ${meaning}`, 'write a whole number, 0 or more');
}
