import { readFile, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { SaidSettings } from '../../runtime/api/project/said.ts';
import { flagOf, type SettingKey, type SettingRow, settingKeys, settings } from '../../runtime/api/settings.ts';
import { entrypointOf } from './entrypoint.ts';

/** Settings as the keys of a `spell.yaml` in a folder; paths below it become relative. */
export function toDocument(said: SaidSettings, folder: string): Record<string, unknown> {
  const keys = settingKeys.filter((key) => said[key] !== undefined);
  return Object.fromEntries(keys.map((key) => [key, valueIn(said, key, folder)]));
}

/** Writes them beside the entrypoint; a `spell.yaml` that is there gets one more document. Returns its path. */
export async function saveSpellYaml(said: SaidSettings): Promise<string> {
  const folder = dirname(entrypointOf(said) ?? '');
  const file = join(folder, 'spell.yaml');
  const { stringify } = await import('yaml');
  const before = await readFile(file, 'utf8').catch(() => '');
  const separator = before.trim() === '' ? '' : `${before.trimEnd()}\n---\n`;
  await writeFile(file, separator + stringify(toDocument(said, folder)));
  return file;
}

/** The command line that serves the same from the entrypoint's folder. */
export function commandLine(said: SaidSettings): string {
  const folder = dirname(entrypointOf(said) ?? '');
  const { entrypoint, ...others } = said;
  const flags = (Object.keys(toDocument(others, folder)) as SettingKey[]).flatMap((key) => {
    const value = valueIn(others, key, folder);
    const row: SettingRow = settings[key];
    if (row.kind === 'switch') return value === true || value === 'true' ? [flagOf(key)] : [];
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
