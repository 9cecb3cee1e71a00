import { createHash } from 'node:crypto';
import type { FileEntry, Manifest } from './objects.ts';

/** The text whose digest names a set of files: one JSON array, sorted by path, nothing in it that does not matter. */
export function manifestText(files: Manifest): string {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return JSON.stringify(
    sorted.map(({ path, size, digest, executable }): FileEntry => ({ path, size, digest, ...(executable ? { executable } : {}) })),
  );
}

/** `sha256:…` of some bytes. */
export function digestOf(bytes: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/**
 * Says what is wrong with a manifest's paths, or `undefined`. A path is relative, uses `/`, has no empty, `.` or `..`
 * piece, and stands once.
 */
export function manifestProblem(files: Manifest): string | undefined {
  const seen = new Set<string>();
  for (const { path } of files) {
    const odd =
      path === '' ||
      path.startsWith('/') ||
      path.includes('\0') ||
      path.split('/').some((piece) => piece === '' || piece === '.' || piece === '..');
    if (odd) return `the path ${JSON.stringify(path)} does not stay below its folder`;
    if (seen.has(path)) return `the path ${JSON.stringify(path)} stands twice`;
    seen.add(path);
  }
  return undefined;
}
