import type { Said, SaidSettings } from '../../../api/project/said.ts';
import { flagOf, type SettingKey, type SettingRow, settings } from '../../../api/settings.ts';
import type { Option, Options } from '../../command.ts';

/** The options that some settings are flags of: the table of settings says their names, values and help. */
export function settingOptions(keys: readonly SettingKey[], withDefaults: boolean): Options {
  return Object.fromEntries(keys.map((key) => [flagOf(key).slice(2), optionOf(settings[key], withDefaults)]));
}

function optionOf({ kind, doc, flag, default: fallback }: SettingRow, withDefaults: boolean): Option {
  const shown = withDefaults && (typeof fallback === 'number' || typeof fallback === 'string') ? ` (default: ${fallback})` : '';
  return {
    kind: flag.repeat ? 'list' : kind === 'switch' ? 'switch' : 'value',
    ...(flag.short === undefined ? {} : { short: flag.short }),
    ...(flag.value === undefined ? {} : { value: flag.value }),
    doc: `${doc}${shown}`,
  };
}

/** What the flags say, with relative paths starting at the working directory. A switch says something only when it was given. */
export function saidByFlags(keys: readonly SettingKey[], values: Record<string, unknown>, cwd: string): SaidSettings {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = values[flagOf(key).slice(2)] as Said['value'] | undefined;
      return value === undefined || value === false ? [] : [[key, { value, where: flagOf(key), folder: cwd } satisfies Said]];
    }),
  );
}
