import { readFile, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Range } from 'yaml';
import type { SaidSettings } from '../../runtime/api/project/said.ts';
import { flagOf, type SettingKey, type SettingRow, settingKeys, settings } from '../../runtime/api/settings.ts';
import { entrypointOf } from './entrypoint.ts';

/** Settings as the keys of a `spell.yaml` in a folder; paths below it become relative. */
export function toDocument(said: SaidSettings, folder: string): Record<string, unknown> {
  const keys = settingKeys.filter((key) => said[key] !== undefined);
  return Object.fromEntries(keys.map((key) => [key, plainly(key, valueIn(said, key, folder))]));
}

/** A text that a person typed, as they would write it in YAML: a number without quotes. */
function plainly(key: SettingKey, value: unknown): unknown {
  const { kind }: SettingRow = settings[key];
  if (kind === 'number' && typeof value === 'string' && /^\d+(\.\d+)?$/.test(value)) return Number(value);
  return kind === 'switch' ? value === true || value === 'true' : value;
}

/**
 * Writes them into the `spell.yaml` beside the entrypoint: in place of the document of the same model server, else as one more.
 * Everything else in it stays as it is. Returns its path.
 */
export async function saveSpellYaml(said: SaidSettings): Promise<string> {
  const folder = dirname(entrypointOf(said) ?? '');
  const file = join(folder, 'spell.yaml');
  const { isMap, parseAllDocuments, stringify } = await import('yaml');
  const before = await readFile(file, 'utf8').catch(() => '');
  const written = stringify(toDocument(said, folder));
  const same = [...parseAllDocuments(before)].find(
    ({ contents }) => isMap(contents) && contents.get('server-name') === said['server-name']?.value,
  );
  await writeFile(file, same?.contents?.range ? replaced(before, same.contents.range, written) : appended(before, written));
  return file;
}

function replaced(text: string, [start, , end]: Range, written: string): string {
  return text.slice(0, start) + written + text.slice(end);
}

function appended(text: string, written: string): string {
  return text.trim() === '' ? written : `${text.trimEnd()}\n---\n${written}`;
}

/** The command line that serves the same from the entrypoint's folder. */
export function commandLine(said: SaidSettings): string {
  const folder = dirname(entrypointOf(said) ?? '');
  const { entrypoint, ...others } = said;
  const flags = (Object.keys(toDocument(others, folder)) as SettingKey[]).flatMap((key) => {
    const value = valueIn(others, key, folder);
    const row: SettingRow = settings[key];
    if (row.kind === 'switch') return plainly(key, value) ? [flagOf(key)] : [];
    return itemsOf(value).flatMap((item) => [flagOf(key), shellWord(item)]);
  });
  const file = entrypoint ? [shellWord(String(valueIn(said, 'entrypoint', folder)))] : [];
  return ['spell server serve', ...flags, ...file].join(' ');
}

function valueIn(said: SaidSettings, key: SettingKey, folder: string): unknown {
  const { value, folder: from } = said[key] ?? {};
  const row: SettingRow = settings[key];
  if (!row.path || typeof value !== 'string' || from === undefined) return value;
  // A command on PATH is no path.
  if (row.kind === 'interpreter' && !/[/\\]/.test(value)) return value;
  const path = relative(folder, resolve(from, value));
  return path.startsWith('..') || isAbsolute(path) ? resolve(from, value) : path.replaceAll('\\', '/');
}

function itemsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([name, each]) => `${name}=${each}`);
  return [String(value)];
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
