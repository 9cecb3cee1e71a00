import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** All files below a folder, by their paths in it. */
export function readProject(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(folder.length + 1).replaceAll(sep, '/')] = readFileSync(path, 'utf8');
  }
  return files;
}
