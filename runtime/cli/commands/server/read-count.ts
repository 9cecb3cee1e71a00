import { SpellError } from '../../../api/errors.ts';

/** The number behind an option; `what` is counted. Throws `usage` for what is none. */
export function readCount(option: string, text: string, what: string): number {
  if (/^[0-9]+$/.test(text)) return Number(text);
  throw new SpellError('usage', `${option}: ${JSON.stringify(text)} is not a number of ${what}`, `write digits, as in ${option} 10`);
}
