import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { SpellError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { badSetting, type Said, shown } from './said.ts';
import { unreadable } from './unreadable.ts';

/**
 * A requirements file (pip's "Requirements File Format") as one list of lines that means the same anywhere: comments
 * dropped, continued lines joined, files that `-r` names put in their place.
 *
 * Throws `bad-path` for a file that is not there, `bad-setting` for what would mean something else on another machine.
 */
export async function readRequirements(said: Said, path: string): Promise<NonNullable<Settings['pip-req']>> {
  const file = resolve(said.folder, path);
  return { file: basename(file), lines: await readLines(said, file, []) };
}

async function readLines(said: Said, file: string, from: string[]): Promise<string[]> {
  if (from.includes(file)) throw badSetting(said, `${file} includes itself`, 'remove its line `-r`');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw unreadable(file, error);
    const by = from.length > 0 ? `, which ${from.at(-1)} names` : '';
    throw new SpellError('bad-path', `${said.where}: there is no file ${file}${by}`, 'name a requirements file, as for `pip install -r`');
  });
  return (await Promise.all(logicalLines(text).map((line) => readRequirement(said, line, file, from)))).flat();
}

/** One line of `file` as lines that mean the same anywhere: those of the file that it includes, or itself. `from`: the files that led to it. */
export async function readRequirement(said: Said, line: string, file: string, from: string[] = []): Promise<string[]> {
  const [, included] = /^(?:-r\s*|--requirement(?:\s+|=))(.+)$/.exec(line) ?? [];
  if (included !== undefined && !isUrl(included)) return readLines(said, resolve(dirname(file), included), [...from, file]);
  if (/^(-c\s|--constraint[\s=])/.test(line)) {
    throw badSetting(said, `${file}: ${shown(line)} names a constraints file`, 'write the versions into the requirements file itself');
  }
  if (isLocal(line)) {
    throw badSetting(
      said,
      `${file}: ${shown(line)} is a path on this machine`,
      'remove the line: modules and packages beside the entrypoint travel with it and can be imported as they are',
    );
  }
  return [line];
}

/** Lines as pip sees them: ` #` begins a comment, a backslash at the end continues. */
function logicalLines(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

/** `.`, `./package`, `../package`, `/somewhere/x.whl`, also after `-e` and `--find-links`. */
function isLocal(line: string): boolean {
  const [, named] = /^(?:-e\s*|--editable[\s=]+|-f\s*|--find-links[\s=]+)(.+)$/.exec(line) ?? [];
  const target = named ?? line;
  return (
    /^(\.{0,2}[/\\]|\.{1,2}$|\.\[|file:|[A-Za-z]:\\)/.test(target) || (named !== undefined && !isUrl(target) && !/^git\+/.test(target))
  );
}
