import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';

/** Where a folder lies in a tree, spelled as the walk spells it; `undefined` when it lies elsewhere. */
export async function placeIn(root: string, folder: string): Promise<string | undefined> {
  const real = await realpath(folder).catch(() => undefined);
  const place = real === undefined ? undefined : relative(await realpath(root), real);
  return place === undefined || place === '' || place.startsWith('..') || isAbsolute(place) ? undefined : join(root, place);
}
