import { sep } from 'node:path';

/**
 * Where a file that a traceback names may lie in the project's folder: a worker runs a copy of the code, so the longest end of
 * the path that is there is the file. Longest first; relative.
 */
export function placesInProject(path: string): string[] {
  const parts = path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  return parts.map((_, index) => parts.slice(index).join(sep)).filter((place) => !place.split(sep).includes('..'));
}
