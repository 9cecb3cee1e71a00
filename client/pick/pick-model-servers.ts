import type * as vscode from 'vscode';
import { SpellError } from '../../runtime/api/errors.ts';
import type { ModelServerState } from '../../runtime/api/objects.ts';
import { answered } from '../commands/cancelled.ts';
import type { Context } from '../context.ts';
import type { ModelServerTarget } from '../contributions.ts';
import { type ModelServerEntry, modelServerKey } from '../inventory/inventory.ts';
import { modelServerItem } from '../trees/model-server-item.ts';
import { readFor } from './read-for.ts';

/** Which model servers a command is for. */
export interface Wanted {
  /** In which states; absent for any. */
  states?: readonly ModelServerState[];
  /** What the picker asks. */
  title: string;
  /** What is said when there is none. */
  none: string;
}

/** The model server that a command is about: the one it was called with, else the one that somebody picks. */
export async function pickModelServer(context: Context, wanted: Wanted, target?: ModelServerTarget): Promise<ModelServerTarget> {
  return target ? { owner: target.owner, name: target.name } : await ask(context, wanted);
}

/**
 * As {@link pickModelServer}, for a command that takes several at once. Of those that are selected together only the
 * wanted ones are taken; where none is, the control plane's answer says why it cannot be done.
 */
export async function pickModelServers(
  context: Context,
  wanted: Wanted,
  targets: readonly ModelServerTarget[] = [],
): Promise<ModelServerTarget[]> {
  if (targets.length === 0) return [await ask(context, wanted)];
  const { modelServers } = context.inventory;
  const fitting = targets.filter((target) => fits(wanted, modelServers.get(modelServerKey(target))));
  return (fitting.length > 0 ? fitting : targets).map(({ owner, name }) => ({ owner, name }));
}

/** What was not read yet may fit. */
function fits({ states }: Wanted, entry: ModelServerEntry | undefined): boolean {
  return !states || !entry || states.includes(entry.state);
}

async function ask(context: Context, wanted: Wanted): Promise<ModelServerTarget> {
  const { code, inventory } = context;
  const { title, none } = wanted;
  await readFor(context, inventory.modelServers);
  const items = inventory.modelServers.items.filter((entry) => fits(wanted, entry)).map((entry) => toPick(code, entry));
  if (items.length === 0) throw new SpellError('not-found', none);
  const placeHolder = code.l10n.t('Choose a model server');
  return (await answered(code.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))).target;
}

/** It looks in the list as it does in the tree. */
function toPick(code: typeof vscode, entry: ModelServerEntry): vscode.QuickPickItem & { target: ModelServerTarget } {
  const { owner, name } = entry;
  const item = modelServerItem(code, { id: '', kind: 'modelServer', owner, name }, entry);
  return {
    label: String(item.label),
    description: String(item.description ?? ''),
    ...(item.iconPath === undefined ? {} : { iconPath: item.iconPath as vscode.ThemeIcon }),
    target: { owner, name },
  };
}
