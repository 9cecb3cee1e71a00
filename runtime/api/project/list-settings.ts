import { SpellError } from '../errors.ts';
import { parseMount } from '../mounts.ts';
import { parseModelRef } from '../names.ts';
import { nearNamesHint } from '../near-names.ts';
import type { ModelServer } from '../objects.ts';
import { type Place, planUpdate, type UpdatePlan } from './plan.ts';

/** The settings that are lists of things people add and take away one by one. */
export type ListSetting = 'model' | 'mounts';

/** What is in such a list, in words, and whether a word that a person says means an entry of it. */
const lists: Record<ListSetting, { what: string; isMeant(entry: string, word: string): boolean }> = {
  model: { what: 'model', isMeant: (entry, word) => entry === word || parseModelRef(entry).name === word },
  mounts: { what: 'mount', isMeant: isMount },
};

/** What a list of a model server holds now. */
export function listOf({ spec }: Pick<ModelServer, 'spec'>, setting: ListSetting): string[] {
  return (spec[setting] as string[] | undefined) ?? [];
}

/** A list of the model server `name` without what is meant by each of some words. Throws `not-found` for a word that nothing is meant by. */
export function listWithout(name: string, setting: ListSetting, list: readonly string[], words: readonly string[]): string[] {
  const { what, isMeant } = lists[setting];
  for (const word of words) {
    if (list.some((entry) => isMeant(entry, word))) continue;
    throw new SpellError('not-found', `${name} has no ${what} ${JSON.stringify(word)}`, nearNamesHint(word, list) ?? `it has no ${what}`);
  }
  return list.filter((entry) => !words.some((word) => isMeant(entry, word)));
}

/** Plans the update by which a model server has this list and no other. */
export function planList(name: string, setting: ListSetting, list: string[], place: Place): Promise<UpdatePlan> {
  if (list.length === 0) return planUpdate(name, {}, [setting], place);
  // Entries are names of what the control plane has, never paths of this machine.
  return planUpdate(name, { [setting]: { value: list, where: setting, folder: '/' } }, [], place);
}

/** A mount is meant by its text, its resource, or its place with or without `/mounts/`. */
function isMount(entry: string, word: string): boolean {
  const mount = parseMount(entry);
  if ('problem' in mount) return entry === word;
  return [entry, mount.resource, mount.path, `/mounts/${mount.path}`].includes(word);
}
