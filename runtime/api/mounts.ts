import { parseResourceRef } from './names.ts';
import type { ModelServer } from './objects.ts';

/** A resource, and where it appears: `path` is below `/mounts`, without slashes at its ends. */
export interface Mount {
  resource: string;
  path: string;
}

/**
 * Reads `RESOURCE[:PATH]` (`spec/behaviour.md` §4): the path is that below `/mounts` and may be written with it;
 * without one it is the last piece of the resource's own name. Returns what is wrong where it cannot be read.
 */
export function parseMount(text: string): Mount | { problem: string } {
  const [resource = '', said, ...more] = text.split(':');
  if (more.length > 0) return { problem: 'it has more than one ":"' };
  const ref = parseResourceRef(resource);
  if (!ref) return { problem: `${JSON.stringify(resource)} is no resource: write uploads/NAME or runs/N` };
  if (said === undefined) return { resource, path: ref.path.split('/').findLast((piece) => piece !== '') ?? ref.name };
  if (said === '') return { problem: 'no path stands behind the ":"' };
  const pieces: string[] = [];
  for (const piece of said.replace(/^\/mounts(?=\/|$)/, '').split('/')) {
    if (piece === '..' && pieces.pop() === undefined) return { problem: `${said} leaves /mounts` };
    if (piece !== '' && piece !== '.' && piece !== '..') pieces.push(piece);
  }
  return pieces.length === 0 ? { problem: `${said} is /mounts itself: name a place below it` } : { resource, path: pieces.join('/') };
}

/** A mount whose text was checked before. */
export function mountOf(text: string): Mount {
  const mount = parseMount(text);
  if ('problem' in mount) throw new Error(`${JSON.stringify(text)} is no mount: ${mount.problem}`);
  return mount;
}

/** What is wrong with some mounts, of which each or two together cannot be; undefined when they are right. */
export function mountsProblem(texts: readonly string[]): string | undefined {
  for (const text of texts) {
    const mount = parseMount(text);
    if ('problem' in mount) return `is no mount: ${mount.problem}`;
  }
  const clash = clashOf(texts.map(mountOf));
  return clash && `clash: ${clash[0].resource} would be at /mounts/${clash[0].path}, and ${clash[1].resource} at /mounts/${clash[1].path}`;
}

/** What is wrong with one more mount beside others; undefined when it is right. */
export function furtherMountProblem(text: string, others: readonly string[]): string | undefined {
  const mount = parseMount(text);
  return 'problem' in mount ? `${JSON.stringify(text)} is no mount: ${mount.problem}` : mountsProblem([...others, text]);
}

/** Two mounts of which one would stand in the other's place or below it; undefined when there are none. */
function clashOf<T extends { path: string }>(mounts: readonly T[]): readonly [T, T] | undefined {
  for (const [index, one] of mounts.entries()) {
    const other = mounts.slice(0, index).find(({ path }) => `${path}/`.startsWith(`${one.path}/`) || `${one.path}/`.startsWith(`${path}/`));
    if (other) return [other, one];
  }
  return undefined;
}

/** What the settings of a model server say of mounts: `RESOURCE[:PATH]` each. */
export function mountsOf({ spec }: Pick<ModelServer, 'spec'>): string[] {
  return Array.isArray(spec.mounts) ? spec.mounts.map(String) : [];
}
