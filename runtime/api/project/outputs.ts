import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SpellError } from '../errors.ts';
import { codeSelection } from './code-selection.ts';
import { IgnoreRules, outputIgnoreFiles } from './ignore-rules.ts';
import { placeIn } from './place-in.ts';
import { type FoundFile, type Selection, walk } from './walk.ts';

export interface OutputOptions {
  /** Where the command runs; absolute. */
  folder: string;
  /** SPELL_HOME: should it lie in the folder, it is no output. */
  home: string;
  /** What is saved, as somebody wrote it; none for whatever is created or changed. */
  save: readonly string[];
}

/** What of a folder is saved after a command. `passOver` is told what cannot be taken. */
export type FindOutputs = (passOver: (problem: SpellError) => void) => Promise<FoundFile[]>;

/**
 * Looks at a folder before a command runs in it, and returns what finds the command's files afterwards: those below the
 * paths that are to be saved, all of them; else those that were created or changed meanwhile, without what `.spellignore` excludes.
 *
 * Throws `bad-path` for a path to save that leads out of the folder.
 */
export async function watchOutputs({ folder, home, save }: OutputOptions): Promise<FindOutputs> {
  const except = await placeIn(folder, home);
  if (save.length > 0) {
    const paths = save.map((path) => placeBelow(folder, path));
    const everything = codeSelection(IgnoreRules.none, { except });
    return async (passOver) => {
      const found = await look(folder, below(paths, everything), passOver);
      for (const [index, path] of paths.entries()) {
        if (!found.some(({ source }) => isBelow(source, path))) passOver(nothingThere(save[index] ?? path));
      }
      return found;
    };
  }
  const selection = async (): Promise<Selection> => codeSelection(await IgnoreRules.at(folder, outputIgnoreFiles), { except });
  const knownProblems = new Set<string>();
  const before = await look(folder, await selection(), ({ message }) => knownProblems.add(message));
  const stamps = new Map(before.map(({ path, stamp }) => [path, stamp]));
  return async (passOver) => {
    const found = await look(folder, await selection(), (problem) => {
      // What was odd before is not the command's doing, and would not have been saved.
      if (!knownProblems.has(problem.message)) passOver(problem);
    });
    return found.filter(({ path, stamp }) => stamps.get(path) !== stamp);
  };
}

async function look(root: string, selection: Selection, passOver: (problem: SpellError) => void): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  await walk({ root, selection, special: 'skip', passOver, found: (file) => files.push(file) });
  return files;
}

/** Only what lies below one of these paths, as far as `selection` takes it. */
function below(paths: readonly string[], selection: Selection): Selection {
  return {
    takes: (path, kind) =>
      paths.some((wanted) => isBelow(path, wanted) || (kind === 'folder' && isBelow(wanted, path))) && selection.takes(path, kind),
    enter: async (folder) => below(paths, await selection.enter(folder)),
  };
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function placeBelow(folder: string, path: string): string {
  const place = resolve(folder, path);
  const rest = relative(folder, place);
  if (rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest)) return join(folder, rest);
  throw new SpellError('bad-path', `--save ${path} leads out of ${folder}`, 'name what lies below the folder that the command runs in');
}

function nothingThere(path: string): SpellError {
  return new SpellError('bad-path', `there is nothing at ${path}`, 'does the command write it there?');
}
