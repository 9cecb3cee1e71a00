import type { FileView, Listing } from '../parse/project/files.ts';
import { nameOf, parentOf } from '../parse/project/paths.ts';
import { type PythonFile, parsePython } from '../parse/python/file.ts';
import { parseYaml, type YamlFile } from '../parse/yaml/yaml.ts';

/** A project that exists in memory alone. All of it is known at once. */
export class MemoryFiles implements FileView {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #python = new Map<string, PythonFile>();
  readonly #yaml = new Map<string, YamlFile>();
  readonly #folders = new Map<string, Map<string, 'file' | 'folder'>>();
  /** What was asked for, to prove what was not. */
  readonly read = new Set<string>();

  /** Keys are absolute paths. */
  constructor(texts: Readonly<Record<string, string>>) {
    this.#texts = new Map(Object.entries(texts));
    for (const path of this.#texts.keys()) {
      let kind: 'file' | 'folder' = 'file';
      for (let at = path; parentOf(at) !== at; at = parentOf(at)) {
        const folder = this.#folders.get(parentOf(at)) ?? new Map<string, 'file' | 'folder'>();
        this.#folders.set(parentOf(at), folder.set(nameOf(at), kind));
        kind = 'folder';
      }
    }
  }

  text(path: string): string | null {
    this.read.add(path);
    return this.#texts.get(path) ?? null;
  }

  python(path: string): PythonFile | null {
    return this.#parsed(this.#python, path, parsePython);
  }

  yaml(path: string): YamlFile | null {
    return this.#parsed(this.#yaml, path, parseYaml);
  }

  reaches(): boolean {
    return true;
  }

  list(folder: string): Listing | null {
    return this.#folders.get(folder) ?? null;
  }

  #parsed<T>(known: Map<string, T>, path: string, parse: (text: string) => T): T | null {
    const text = this.text(path);
    if (text === null) return null;
    const file = known.get(path) ?? parse(text);
    known.set(path, file);
    return file;
  }
}
