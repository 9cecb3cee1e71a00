import type { FileEntry, ResourceDetail } from '../api/objects.ts';

/** One line of `spell ls`. A folder's path ends with `/`, its size is that of all below it. */
export interface ListedEntry {
  path: string;
  size: number;
  createdAt: string;
}

/** What lies directly in a folder of a resource, or the one file of that path; empty when there is nothing. */
export function entriesAt({ path: resource, entries, createdAt }: ResourceDetail, path: string): ListedEntry[] {
  const prefix = path === '' ? '' : `${path}/`;
  const sizes = new Map<string, number>();
  for (const entry of entries) {
    const shown = nameBelow(entry, path, prefix);
    if (shown !== undefined) sizes.set(shown, (sizes.get(shown) ?? 0) + entry.size);
  }
  return [...sizes].map(([shown, size]) => ({ path: `${resource}/${shown}`, size, createdAt }));
}

function nameBelow({ path: file }: FileEntry, path: string, prefix: string): string | undefined {
  if (file === path) return file;
  if (!file.startsWith(prefix)) return undefined;
  const slash = file.indexOf('/', prefix.length);
  return slash < 0 ? file : file.slice(0, slash + 1);
}
