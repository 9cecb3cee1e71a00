import { resolve } from 'node:path';
import { SpellError } from '../errors.ts';
import type { SettingKey } from '../settings.ts';

/** A setting as somebody wrote it, and where: all that is needed to read it, and to name it when it is wrong. */
export interface Said {
  /** Flags say texts, lists of texts, and `true` for a switch; `spell.yaml` also numbers and mappings. */
  value: string | number | boolean | string[] | Record<string, unknown>;
  /** For messages: `--min-pods`, or `spell.yaml:3: min-pods`. */
  where: string;
  /** What relative paths start at, absolute. */
  folder: string;
}

/** What was said of each setting, before any of it is read. */
export type SaidSettings = { [K in SettingKey]?: Said };

/** Lets what was said later win over what was said before, key by key: flags over a file. */
export function overlay(base: SaidSettings, over: SaidSettings): SaidSettings {
  return { ...base, ...over };
}

/** The error for a value that cannot be taken. `problem` begins with the value, as in `"two" is not a number`. */
export function badSetting(said: Said, problem: string, hint?: string, cause?: unknown): SpellError {
  return new SpellError('bad-setting', `${said.where}: ${problem}`, hint, cause === undefined ? {} : { cause });
}

/** A value as messages show it, cut where it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** The path that a setting names, absolute; undefined when it names none. */
export function pathOf(said: SaidSettings, key: 'entrypoint' | 'config'): string | undefined {
  const { value, folder } = said[key] ?? {};
  return typeof value === 'string' && folder !== undefined ? resolve(folder, value) : undefined;
}
