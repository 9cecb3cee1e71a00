import type { Environment } from './objects.ts';

type MadeFrom = Pick<Environment, 'packages' | 'file'>;

/** What an environment is made from, a word each: packages, then the file that names more. */
export function environmentParts({ packages, file }: MadeFrom): string[] {
  return [...packages, ...(file === null ? [] : [file])];
}

/** The same in a line: `numpy, scipy, requirements.txt`. */
export function madeFrom(environment: MadeFrom): string {
  return environmentParts(environment).join(', ');
}

/** Enough of an id to tell environments apart. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}
