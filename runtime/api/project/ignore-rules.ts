import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { exists } from './project-root.ts';

/** What says what is no code. In one folder the later file wins: `.spellignore` can take back what `.gitignore` says. */
const codeIgnoreFiles = ['.gitignore', '.spellignore'];

/** What says what no run saves. What a command makes is rarely in the repository, so that `.gitignore` means something else. */
export const outputIgnoreFiles: readonly string[] = ['.spellignore'];

/** The rules of one folder's ignore files. */
interface Level {
  folder: string;
  /** In the order of the ignore files. */
  rules: Ignore[];
}

/**
 * The ignore files that apply in a folder (gitignore(5)): its own and those of the folders around it, the nearest with
 * the last word. Immutable; {@link enter} makes the rules of a folder further down.
 */
export class IgnoreRules {
  readonly #files: readonly string[];
  readonly #levels: readonly Level[];

  private constructor(files: readonly string[], levels: readonly Level[]) {
    this.#files = files;
    this.#levels = levels;
  }

  /**
   * The rules in a project's root, with those of the folders above it up to the git repository's. When these exclude
   * the project as a whole, they say nothing about the files in it, and do not count.
   */
  static async at(root: string, files: readonly string[] = codeIgnoreFiles): Promise<IgnoreRules> {
    const above = await foldersUpToRepository(root);
    const levels = await Promise.all(above.map((folder) => readLevel(folder, files)));
    const outer = new IgnoreRules(
      files,
      levels.filter((level) => level !== undefined),
    );
    const base = outer.ignores(root, true) ? IgnoreRules.none : outer;
    return new IgnoreRules(files, base.#levels).enter(root);
  }

  /** Rules that ignore nothing, in no folder. */
  static readonly none = new IgnoreRules([], []);

  /** The rules inside a folder that lies directly in the one that these are for. */
  async enter(folder: string): Promise<IgnoreRules> {
    const level = await readLevel(folder, this.#files);
    return level ? new IgnoreRules(this.#files, [...this.#levels, level]) : this;
  }

  /** Whether a path (absolute) is left out. A folder that is left out is not entered: nothing in it can be taken back. */
  ignores(path: string, isFolder: boolean): boolean {
    for (const { folder, rules } of this.#levels.toReversed()) {
      const local = relative(folder, path).split(sep).join('/') + (isFolder ? '/' : '');
      for (const rule of rules.toReversed()) {
        const { ignored, unignored } = rule.test(local);
        if (ignored || unignored) return ignored;
      }
    }
    return false;
  }
}

/** The folders above a project, outermost first, from the one that holds `.git`. None when there is no repository, or the project is its root. */
async function foldersUpToRepository(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    if (folder !== root) folders.unshift(folder);
    if (await exists(join(folder, '.git'))) return folders;
    if (dirname(folder) === folder) return [];
  }
}

async function readLevel(folder: string, files: readonly string[]): Promise<Level | undefined> {
  const texts = await Promise.all(files.map((file) => readRules(join(folder, file))));
  const rules = texts.filter((text) => text !== undefined).map((text) => ignore({ ignorecase: process.platform !== 'linux' }).add(text));
  return rules.length > 0 ? { folder, rules } : undefined;
}

/** Missing, or a folder of that name: no rules. One that cannot be read is an error, since it would let too much through. */
async function readRules(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
