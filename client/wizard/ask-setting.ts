import { asSpellError } from '../../runtime/api/errors.ts';
import { readSettings } from '../../runtime/api/project/read-settings.ts';
import type { Said, SaidSettings } from '../../runtime/api/project/said.ts';
import { type SettingKey, type SettingRow, settings } from '../../runtime/api/settings.ts';
import type { Context } from '../context.ts';
import { askList, askText, type Back, back, type Place } from './steps.ts';

/** What stands between the items of a list while it is one text. */
const between = ' | ';

/** A value as a person writes and reads it. */
export function settingText(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(between);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, each]) => `${name}=${typeof each === 'string' ? each : JSON.stringify(each)}`)
      .join(between);
  }
  return String(value ?? '');
}

/** What a text means for a setting; undefined for an empty one, which says nothing. */
export function saidByText(key: SettingKey, text: string, folder: string): Said | undefined {
  if (text.trim() === '') return undefined;
  const row: SettingRow = settings[key];
  const isList = row.flag.repeat === true;
  const items = text.split('|').map((item) => item.trim());
  return { value: isList ? items.filter((item) => item !== '') : text.trim(), where: key, folder };
}

/** Asks for one setting, as the table of settings describes it; what cannot be taken is said while it is typed. */
export async function askSetting(
  { code }: Context,
  place: Place,
  key: SettingKey,
  { now, folder }: { now: unknown; folder: string },
): Promise<{ said: Said | undefined } | Back> {
  const { l10n } = code;
  const row: SettingRow = settings[key];
  const words = row.kind === 'switch' ? ['true', 'false'] : row.values;
  if (words) {
    const nothing = { label: l10n.t('the default'), word: '' };
    const items = [...words.map((word) => ({ label: word, word })), nothing];
    const answer = await askList(code, place, { placeholder: `${key}: ${row.doc}`, items });
    if (answer === back) return back;
    return { said: saidByText(key, answer[0]?.word ?? '', folder) };
  }
  const several = row.flag.repeat ? ` ${l10n.t('(several: with "|" between them)')}` : '';
  const text = await askText(code, place, {
    prompt: `${key}: ${row.doc}${several}. ${l10n.t('Empty for the default.')}`,
    value: settingText(now),
    problem: (typed) => settingProblem(key, saidByText(key, typed, folder)),
  });
  return text === back ? back : { said: saidByText(key, text, folder) };
}

/** What is wrong with what was said of a setting, in the words of `spell server serve`. */
export async function settingProblem(key: SettingKey, said: Said | undefined): Promise<string | undefined> {
  if (!said) return undefined;
  try {
    await readSettings({ [key]: said } as SaidSettings, process.env);
    return undefined;
  } catch (error) {
    return asSpellError(error).message;
  }
}
