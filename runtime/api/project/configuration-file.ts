import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { SpellError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { badSetting, type Said } from './said.ts';
import { unreadable } from './unreadable.ts';
import { parseYaml } from './yaml-file.ts';

type Configuration = NonNullable<Settings['config']>;

const mappingHint = 'its top level must be `name: value` lines; each becomes an argument of __init__';

/** A predictor's configuration: the file that was named, JSON by its ending and YAML otherwise, or what stands inline. */
export async function readConfiguration(said: Said): Promise<Configuration> {
  if (typeof said.value !== 'string') return { values: checkValues(said, said.value, 'it') };
  const file = resolve(said.folder, said.value);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw unreadable(file, error);
    throw new SpellError('bad-path', `${said.where}: there is no file ${file}`, 'name a JSON or YAML file');
  });
  const values = file.endsWith('.json') ? parseJson(said, file, text) : await parseYaml(said, file, text);
  return { file: basename(file), values: checkValues(said, values, file) };
}

function parseJson(said: Said, file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badSetting(said, `${file} is not JSON: ${(error as Error).message}`, 'correct the file', error);
  }
}

function checkValues(said: Said, values: unknown, what: string): Configuration['values'] {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    const found =
      values === null || values === undefined ? 'is empty' : `is not a mapping, but ${Array.isArray(values) ? 'a list' : 'one value'}`;
    throw badSetting(said, `${what} ${found}`, mappingHint);
  }
  const odd = findUnsendable(values, []);
  if (odd)
    throw badSetting(
      said,
      `${odd} in ${what} cannot be handed to a predictor`,
      'use texts, numbers, true, false, null, lists and mappings',
    );
  return values as Configuration['values'];
}

/** The first value that JSON has no words for, as `a.b: .nan`. */
function findUnsendable(value: unknown, path: string[]): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return `${path.join('.')}: ${value}`;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = findUnsendable(inner, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
