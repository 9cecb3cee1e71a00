import { SpellError } from '../../../../api/errors.ts';
import type { Client } from '../../../../api/http/client-types.ts';
import { nearNamesHint } from '../../../../api/near-names.ts';
import type { ModelServer } from '../../../../api/objects.ts';
import { planUpdate, update } from '../../../../api/project/plan.ts';
import type { Context } from '../../../context.ts';
import { finishOperation } from '../run-operation.ts';
import { showServed } from '../show-served.ts';

/** The settings that are lists of things people add and take away one by one. */
export type ListSetting = 'model' | 'mounts';

/** Adds to a list of a model server, and rolls that out. */
export async function addToList(
  context: Context,
  name: string,
  setting: ListSetting,
  added: readonly string[],
  detach: boolean,
): Promise<void> {
  const client = await context.controlPlane.connect();
  const now = await listOf(client, context.owner, name, setting);
  await roll(context, client, name, setting, [...now, ...added], detach);
}

/** Takes from a list what `isMeant` by each of some words, and rolls that out. Throws `not-found` (exit status 3) for a word that nothing is meant by. */
export async function takeFromList(
  context: Context,
  name: string,
  setting: ListSetting,
  words: readonly string[],
  isMeant: (entry: string, word: string) => boolean,
  detach: boolean,
): Promise<void> {
  const client = await context.controlPlane.connect();
  const now = await listOf(client, context.owner, name, setting);
  for (const word of words) {
    if (now.some((entry) => isMeant(entry, word))) continue;
    const what = setting === 'model' ? 'model' : 'mount';
    const hint = nearNamesHint(word, now) ?? `it has no ${what}`;
    throw new SpellError('not-found', `${name} has no ${what} ${JSON.stringify(word)}`, hint);
  }
  const left = now.filter((entry) => !words.some((word) => isMeant(entry, word)));
  await roll(context, client, name, setting, left, detach);
}

async function listOf(client: Client, owner: string, name: string, setting: ListSetting): Promise<string[]> {
  const { spec }: ModelServer = await client.describeModelServer({ owner, name });
  return (spec[setting] as string[] | undefined) ?? [];
}

async function roll(context: Context, client: Client, name: string, setting: ListSetting, list: string[], detach: boolean): Promise<void> {
  const said = list.length === 0 ? {} : { [setting]: { value: list, where: setting, folder: context.cwd } };
  const plan = await planUpdate(name, said, list.length === 0 ? [setting] : [], context);
  const operation = await update(client, { owner: context.owner, name }, plan);
  showServed(context, [await finishOperation(context, client, operation, detach)]);
}
