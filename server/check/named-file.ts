import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SpellError } from '../../runtime/api/errors.ts';
import { nearNamesHint } from '../../runtime/api/near-names.ts';
import { spellYamlName } from '../parse/yaml/spell-yaml.ts';
import { largestFile } from '../workspace/disk.ts';

const checkable = /\.(?:pyi?|ya?ml|json)$/;

/**
 * The file that a person means by a path (absolute; `typed` is how they wrote it): a folder stands for its `spell.yaml`.
 * Throws `bad-path` for what the rules could not read: silence about it would sound like praise.
 */
export async function namedFile(path: string, typed: string): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) throw await unreachable(path, typed, found);
  if (found.isDirectory()) return inFolder(path, typed);
  if (!found.isFile()) throw new SpellError('bad-path', `${typed} is no file that can be read`, 'name a file');
  if (!checkable.test(path))
    throw new SpellError(
      'bad-path',
      `${typed} is nothing that there are rules for`,
      'name a predictor (.py), a config (.yaml, .json) or a spell.yaml',
    );
  if (found.size > largestFile) {
    const mib = (bytes: number): string => `${Math.round((bytes / 2 ** 20) * 10) / 10} MiB`;
    throw new SpellError(
      'bad-path',
      `${typed} has ${mib(found.size)}, and the rules read no more than ${mib(largestFile)}`,
      'keep data out of code',
    );
  }
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => error);
  if (bytes instanceof Error) throw await unreachable(path, typed, bytes);
  if (bytes.includes(0)) throw new SpellError('bad-path', `${typed} is no text in UTF-8`, 'save it in UTF-8, if it is code');
  return path;
}

async function inFolder(folder: string, typed: string): Promise<string> {
  const file = join(folder, spellYamlName);
  const there = await stat(file).catch(() => undefined);
  if (there?.isFile()) return file;
  throw new SpellError('bad-path', `the folder ${typed} has no ${spellYamlName}`, (await pythonIn(folder)) ?? 'name the predictor’s file');
}

/** Nothing was named, and the working folder has no `spell.yaml`. */
export async function nothingToCheck(folder: string): Promise<SpellError> {
  const hint = (await pythonIn(folder)) ?? 'spell check FILE…';
  return new SpellError('usage', `nothing to check: no FILE was given, and there is no ${spellYamlName} here`, hint);
}

async function pythonIn(folder: string): Promise<string | undefined> {
  const [first] = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.py')).sort();
  return first && `name the predictor’s file, as in: spell check ${first}`;
}

async function unreachable(path: string, typed: string, { code, message }: NodeJS.ErrnoException): Promise<SpellError> {
  if (code === 'EACCES' || code === 'EPERM')
    return new SpellError('bad-path', `${typed} cannot be read: permission denied`, `see its rights: ls -l ${typed}`);
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return new SpellError('bad-path', `${typed} cannot be read: ${message}`, 'check the path');
  const link = await lstat(path).catch(() => undefined);
  if (link?.isSymbolicLink())
    return new SpellError('bad-path', `${typed} is a link to a file that is not there`, 'mend the link, or name the file');
  const names = (await readdir(dirname(path)).catch(() => [])).filter((name) => checkable.test(name));
  return new SpellError('bad-path', `there is no file ${typed}`, nearNamesHint(basename(path), names) ?? 'check the path');
}
