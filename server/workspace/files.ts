import type { FileView, Listing } from '../parse/project/files.ts';
import { nameOf, parentOf } from '../parse/project/paths.ts';
import { type PythonFile, parsePython } from '../parse/python/file.ts';
import { parseYaml, type YamlFile } from '../parse/yaml/yaml.ts';
import { Disk, type Reading } from './disk.ts';
import { Documents } from './documents.ts';
import { isOnDisk } from './uris.ts';

/** The texts of the workspace: what is open in the editor, over what lies on disk. */
export class Files {
  readonly documents = new Documents();
  readonly disk = new Disk();
  readonly #python = new WeakMap<Reading, PythonFile>();
  readonly #yaml = new WeakMap<Reading, YamlFile>();

  /** A view of everything as it is now. It notes what it was asked for. */
  view(): RecordingView {
    return new RecordingView(this);
  }

  text(key: string, path: string): string | null | undefined {
    return this.documents.get(path)?.text ?? this.disk.known(key)?.text;
  }

  python(key: string, path: string): PythonFile | null | undefined {
    const open = this.documents.get(path);
    return open ? open.python() : this.#parsed(this.#python, this.disk.known(key), parsePython);
  }

  yaml(key: string, path: string): YamlFile | null | undefined {
    const open = this.documents.get(path);
    return open ? open.yaml() : this.#parsed(this.#yaml, this.disk.known(key), parseYaml);
  }

  /** What identifies the state of something that was read. */
  state(key: string): string {
    const path = key.slice(5);
    const serial = this.disk.known(key)?.serial ?? 0;
    if (key.startsWith('list:'))
      return `disk ${serial} with ${this.documents.all().filter((document) => parentOf(document.path) === path).length} open`;
    const open = this.documents.get(path);
    return open ? `open ${open.serial}` : `disk ${serial}`;
  }

  #parsed<T>(cache: WeakMap<Reading, T>, reading: Reading | undefined, parse: (text: string) => T): T | null | undefined {
    if (!reading || typeof reading.text !== 'string') return reading && null;
    const known = cache.get(reading) ?? parse(reading.text);
    cache.set(reading, known);
    return known;
  }
}

/** A view that notes what a feature read, and what it asked for in vain. */
export class RecordingView implements FileView {
  readonly #files: Files;
  /** Everything that was asked for, as `text:PATH` and `list:PATH`. */
  readonly asked = new Set<string>();
  /** What has to be read before the feature can be sure. */
  readonly wanted = new Set<string>();

  constructor(files: Files) {
    this.#files = files;
  }

  text(path: string): string | null | undefined {
    const key = this.#ask('text', path);
    return this.#noted(key, this.#files.text(key, path));
  }

  python(path: string): PythonFile | null | undefined {
    const key = this.#ask('text', path);
    return this.#noted(key, this.#files.python(key, path));
  }

  yaml(path: string): YamlFile | null | undefined {
    const key = this.#ask('text', path);
    return this.#noted(key, this.#files.yaml(key, path));
  }

  reaches(path: string): boolean {
    return isOnDisk(path);
  }

  list(folder: string): Listing | null | undefined {
    const key = this.#ask('list', folder);
    const listing = this.#noted(key, this.#files.disk.known(key)?.listing);
    // A file that was never saved exists all the same.
    const unsaved = this.#files.documents
      .all()
      .filter((document) => parentOf(document.path) === folder && !listing?.has(nameOf(document.path)));
    if (listing === undefined || unsaved.length === 0) return listing;
    return new Map([...(listing ?? []), ...unsaved.map((document) => [nameOf(document.path), 'file'] as const)]);
  }

  #ask(kind: 'text' | 'list', path: string): string {
    const key = `${kind}:${path}`;
    this.asked.add(key);
    return key;
  }

  #noted<T>(key: string, found: T | undefined): T | undefined {
    if (found === undefined) this.wanted.add(key);
    return found;
  }
}
