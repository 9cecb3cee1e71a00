import { isDeepStrictEqual } from 'node:util';
import type { ModelServer } from '../objects.ts';
import { writtenMemory } from '../quantities.ts';
import { type Settings, settingKeys, settings, withDefaults } from '../settings.ts';

/** A model server as a `spell.yaml` would say it: its keys with values, and lines for the reader above them. */
export interface Exported {
  settings: Record<string, unknown>;
  notes: string[];
}

/** What has to be said to get a model server as it is now (`spec/behaviour.md` §4: `export`). Defaults are left out. Pure. */
export function exportSettings({ owner, name, revision, spec, servedFrom }: ModelServer): Exported {
  const said = spec as Settings;
  // A smallest number of pods may raise the largest one.
  const defaults: Settings = { ...withDefaults({}), 'max-pods': raisedMaximum(said) };
  const exported: Record<string, unknown> = {};
  for (const key of settingKeys) {
    const value = said[key];
    if (value !== undefined && !isDeepStrictEqual(value, defaults[key])) Object.assign(exported, written(key, value));
  }
  return {
    settings: exported,
    notes: [
      `the model server ${owner === 'local' ? name : `${owner}/${name}`}, revision ${revision}`,
      ...(servedFrom ? [`paths begin at the project's folder: ${servedFrom.root}`] : []),
    ],
  };
}

function raisedMaximum({ 'min-pods': min }: Settings): number {
  return withDefaults(min === undefined ? {} : { 'min-pods': min })['max-pods'];
}

/** A resolved value as people write it. */
function written(key: keyof Settings, value: Settings[keyof Settings]): Record<string, unknown> {
  if (key === 'env') return { env: Object.fromEntries(Object.keys(value as object).map((name) => [name, `\${${name}}`])) };
  if (key === 'config') return { config: (value as NonNullable<Settings['config']>).values };
  // The file itself stays with the project.
  if (key === 'pip-req' || key === 'conda-file') return { [key]: (value as { file: string }).file };
  // A plain number would be MiB.
  if (settings[key].kind === 'memory') return { [key]: writtenMemory(value as number) };
  return { [key]: value };
}
