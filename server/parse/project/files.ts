import type { PythonFile } from '../python/file.ts';
import type { YamlFile } from '../yaml/yaml.ts';

/** What a folder holds, by name. */
export type Listing = ReadonlyMap<string, 'file' | 'folder'>;

/**
 * The files as a feature may see them: a frozen view. `null` means that there is none, `undefined` that it has not been
 * read yet; whoever made the view notes what was asked for, reads it, and asks the feature again.
 */
export interface FileView {
  text(path: string): string | null | undefined;
  python(path: string): PythonFile | null | undefined;
  /** A YAML or JSON file. */
  yaml(path: string): YamlFile | null | undefined;
  /** Whether files of this place can be seen at all: elsewhere, absence means nothing. */
  reaches(path: string): boolean;
  list(folder: string): Listing | null | undefined;
}

/** What a folder is known to hold of a name: a file, a folder, nothing (`null`), or not known yet. */
export function kindOf(view: FileView, folder: string, name: string): 'file' | 'folder' | null | undefined {
  const listing = view.list(folder);
  return listing === undefined ? undefined : (listing?.get(name) ?? null);
}
