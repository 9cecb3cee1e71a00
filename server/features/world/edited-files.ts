import type { FileView, Listing } from '../../parse/project/files.ts';
import { nameOf, parentOf } from '../../parse/project/paths.ts';
import { Project } from '../../parse/project/project.ts';
import { type PythonFile, parsePython } from '../../parse/python/file.ts';
import { parseYaml, type YamlFile } from '../../parse/yaml/yaml.ts';
import { applyEdits } from '../edits/apply-edits.ts';
import type { Fix } from '../rules/rule.ts';
import type { World } from './world.ts';

/** The world as it would be after a fix, which is nowhere written. Undefined while a file that it edits has not been read. */
export function worldAfter(world: World, { edits, creates = [] }: Pick<Fix, 'edits' | 'creates'>): World | undefined {
  const { view } = world.project;
  const texts = new Map(creates.map(({ path, text }) => [path, text]));
  for (const [path, own] of Map.groupBy(edits, (edit) => edit.path)) {
    const text = texts.get(path) ?? view.text(path);
    if (typeof text !== 'string') return undefined;
    texts.set(path, applyEdits(text, own));
  }
  return { ...world, project: new Project(new EditedFiles(view, texts)) };
}

/** Some files with other texts, over all others as they are. Of an edited file only what changed is parsed. */
class EditedFiles implements FileView {
  readonly #base: FileView;
  readonly #texts: ReadonlyMap<string, string>;
  readonly #python = new Map<string, PythonFile>();
  readonly #yaml = new Map<string, YamlFile>();

  constructor(base: FileView, texts: ReadonlyMap<string, string>) {
    this.#base = base;
    this.#texts = texts;
  }

  text(path: string): string | null | undefined {
    return this.#texts.get(path) ?? this.#base.text(path);
  }

  python(path: string): PythonFile | null | undefined {
    const text = this.#texts.get(path);
    const before = this.#base.python(path);
    if (text === undefined) return before;
    const file = this.#python.get(path) ?? parsePython(text, before ?? undefined);
    this.#python.set(path, file);
    return file;
  }

  yaml(path: string): YamlFile | null | undefined {
    const text = this.#texts.get(path);
    if (text === undefined) return this.#base.yaml(path);
    const file = this.#yaml.get(path) ?? parseYaml(text);
    this.#yaml.set(path, file);
    return file;
  }

  reaches(path: string): boolean {
    return this.#base.reaches(path);
  }

  list(folder: string): Listing | null | undefined {
    const listing = this.#base.list(folder);
    const made = [...this.#texts.keys()].filter((path) => parentOf(path) === folder);
    if (listing === undefined || made.length === 0) return listing;
    return new Map([...(listing ?? []), ...made.map((path) => [nameOf(path), 'file'] as const)]);
  }
}
