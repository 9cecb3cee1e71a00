import type * as z from 'zod/mini';
import { SpellError } from '../errors.ts';
import { type SettingKey, type SettingRow, type Settings, settings } from '../settings.ts';
import { badSetting, type Said, type SaidSettings, shown } from './said.ts';
import { settingReaders } from './setting-readers.ts';

/**
 * Reads everything that was said: texts become numbers, files their content, paths absolute. The first value that is
 * wrong is thrown, naming where it was said.
 */
export async function readSettings(said: SaidSettings, env: NodeJS.ProcessEnv): Promise<Settings> {
  const entries = Object.entries(said) as [SettingKey, Said][];
  const read = await Promise.all(entries.map(async ([key, each]) => [key, await readSetting(key, each, env)] as const));
  return Object.fromEntries(read) as Settings;
}

async function readSetting(key: SettingKey, said: Said, env: NodeJS.ProcessEnv): Promise<unknown> {
  const row: SettingRow = settings[key];
  const value = await settingReaders[row.kind](said, env);
  const checked = (row.schema as z.ZodMiniType).safeParse(value);
  if (checked.success) return checked.data;
  const problem = explain(checked.error.issues[0]);
  if (key === 'server-name') throw new SpellError('bad-name', `${said.where}: ${problem}`, 'choose another name');
  throw badSetting(said, `${shown(value)} ${problem}`, `what it is: ${row.doc}`);
}

/** What a schema found wrong, in words that follow the value. */
function explain(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'custom') return issue.message;
  if (issue?.code === 'invalid_type' && issue.expected === 'int') return 'is not a whole number';
  if (issue?.code === 'too_small' && issue.origin === 'string') return issue.path.length > 0 ? 'has an empty item' : 'is empty';
  if (issue?.code === 'too_small') return `is too small: it must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
  if (issue?.code === 'too_big') return `is too large: it must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
  if (issue?.code === 'invalid_value') return `is none of ${issue.values.map(String).join(', ')}`;
  return 'cannot be used';
}
