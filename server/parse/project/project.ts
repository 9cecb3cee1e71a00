import type { ClassDefinition, FunctionDefinition } from '../python/ast.ts';
import type { PythonFile } from '../python/file.ts';
import { type Bindings, moduleBindings } from './bindings.ts';
import { type FileView, kindOf } from './files.ts';
import { childPath, foldersUp, parentOf } from './paths.ts';

/** A Python file of the project. */
export interface Module {
  readonly path: string;
  readonly file: PythonFile;
  readonly bindings: Bindings;
}

/** What an import names: a file or a package of the project, or something outside it by its dotted name. */
export type ImportTarget =
  | { readonly kind: 'module'; readonly module: Module }
  /** A folder of the project without `__init__.py`, or one whose `__init__.py` is not wanted yet. */
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'external'; readonly path: string }
  /** The project should have it and does not. */
  | { readonly kind: 'missing' }
  /** Not known yet, or not to be known. */
  | { readonly kind: 'unknown' };

/**
 * The files around a predictor, as Python's import system would see them from it. Everything is answered from a frozen
 * {@link FileView}; what that has not read yet is `unknown`.
 */
export class Project {
  readonly view: FileView;
  readonly #modules = new Map<string, Module | null | undefined>();

  constructor(view: FileView) {
    this.view = view;
  }

  module(path: string): Module | null | undefined {
    if (this.#modules.has(path)) return this.#modules.get(path);
    const file = this.view.python(path);
    const module = file && { path, file, bindings: moduleBindings(file) };
    this.#modules.set(path, module);
    return module;
  }

  /** The project's root for a file: the first folder upwards without `__init__.py`. It stands on `sys.path` when the file is served. */
  rootOf(path: string): string | undefined {
    for (const folder of foldersUp(parentOf(path))) {
      const kind = kindOf(this.view, folder, '__init__.py');
      if (kind === undefined) return undefined;
      if (kind !== 'file') return folder;
    }
    return undefined;
  }

  /** Where `import dotted` (or `from dotted import …`, with `level` dots) in a file leads. */
  import(from: string, dotted: string, level = 0): ImportTarget {
    const pieces = dotted === '' ? [] : dotted.split('.');
    if (level > 0) {
      let folder = parentOf(from);
      for (let i = 1; i < level; i++) folder = parentOf(folder);
      return this.#below(folder, pieces) ?? { kind: 'missing' };
    }
    // Our own package stands first on `sys.path` when a predictor runs.
    if (pieces[0] === 'spell') return { kind: 'external', path: dotted };
    const root = this.rootOf(from);
    if (root === undefined) return { kind: 'unknown' };
    return this.#below(root, pieces) ?? { kind: 'external', path: dotted };
  }

  /** A submodule of a package or folder; null when there is none. */
  child(folder: string, name: string): ImportTarget | null {
    return this.#below(folder, [name]);
  }

  /** Follows names below a folder. Null when the first of them is not the project's. */
  #below(folder: string, pieces: readonly string[]): ImportTarget | null {
    let at = folder;
    for (const [index, piece] of pieces.entries()) {
      const listing = this.view.list(at);
      if (listing === undefined) return { kind: 'unknown' };
      const last = index === pieces.length - 1;
      const below = listing?.get(piece) === 'folder' ? childPath(at, piece) : undefined;
      const package_ = below === undefined ? undefined : this.#packageKind(below, index > 0);
      if (package_ === 'unknown') return { kind: 'unknown' };
      if (below !== undefined && package_ === 'regular' && last) return this.#file(childPath(below, '__init__.py'));
      if (listing?.get(`${piece}.py`) === 'file' && package_ !== 'regular') {
        return last ? this.#file(childPath(at, `${piece}.py`)) : { kind: 'missing' };
      }
      if (below === undefined || package_ === undefined) return index === 0 ? null : { kind: 'missing' };
      at = below;
    }
    if (pieces.length > 0) return { kind: 'folder', folder: at };
    const kind = kindOf(this.view, at, '__init__.py');
    return kind === undefined
      ? { kind: 'unknown' }
      : kind === 'file'
        ? this.#file(childPath(at, '__init__.py'))
        : { kind: 'folder', folder: at };
  }

  /** A folder is a package with `__init__.py`; without, only when it holds Python files, else an installed package of that name is meant. */
  #packageKind(folder: string, nested: boolean): 'regular' | 'namespace' | 'unknown' | undefined {
    const listing = this.view.list(folder);
    if (listing === undefined) return 'unknown';
    if (listing?.get('__init__.py') === 'file') return 'regular';
    return nested || [...(listing?.keys() ?? [])].some((name) => name.endsWith('.py')) ? 'namespace' : undefined;
  }

  #file(path: string): ImportTarget {
    const module = this.module(path);
    return module ? { kind: 'module', module } : { kind: module === null ? 'missing' : 'unknown' };
  }
}

/** A class with the module that it stands in. */
export interface ClassRef {
  readonly module: Module;
  readonly definition: ClassDefinition;
}

/** A function with the module and, for a method, the class that it stands in. */
export interface FunctionRef {
  readonly module: Module;
  readonly definition: FunctionDefinition;
}
