import type { Client } from '../../../../api/http/client-types.ts';
import { type ListSetting, listOf, listWithout, planList } from '../../../../api/project/list-settings.ts';
import { update } from '../../../../api/project/plan.ts';
import type { Context } from '../../../context.ts';
import { finishOperation } from '../run-operation.ts';
import { showServed } from '../show-served.ts';

/** Adds to a list of a model server, and rolls that out. */
export function addToList(context: Context, name: string, setting: ListSetting, added: readonly string[], detach: boolean): Promise<void> {
  return changeList(context, name, setting, (list) => [...list, ...added], detach);
}

/** Takes from a list what is meant by each of some words, and rolls that out. Throws `not-found` (exit status 3) for a word that nothing is meant by. */
export function takeFromList(
  context: Context,
  name: string,
  setting: ListSetting,
  words: readonly string[],
  detach: boolean,
): Promise<void> {
  return changeList(context, name, setting, (list) => listWithout(name, setting, list, words), detach);
}

async function changeList(
  context: Context,
  name: string,
  setting: ListSetting,
  change: (list: string[]) => string[],
  detach: boolean,
): Promise<void> {
  const { owner } = context;
  const client: Client = await context.controlPlane.connect();
  const list = change(listOf(await client.describeModelServer({ owner, name }), setting));
  const operation = await update(client, { owner, name }, await planList(name, setting, list, context));
  showServed(context, [await finishOperation(context, client, operation, detach)]);
}
