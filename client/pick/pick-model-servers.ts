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
  const [first] = await pick(context, wanted, target && [target], false);
  return first as ModelServerTarget;
}

/** As {@link pickModelServer}, for a command that takes several at once. Of those selected in the tree only the wanted ones are taken. */
export function pickModelServers(context: Context, wanted: Wanted, targets?: readonly ModelServerTarget[]): Promise<ModelServerTarget[]> {
  return pick(context, wanted, targets, true);
}

async function pick(
  context: Context,
  wanted: Wanted,
  targets: readonly ModelServerTarget[] | undefined,
  many: boolean,
): Promise<ModelServerTarget[]> {
  const { modelServers } = context.inventory;
  const { states, none } = wanted;
  const fits = (entry: ModelServerEntry | undefined): boolean => !states || !entry || states.includes(entry.state);
  if (targets && targets.length > 0) {
    const fitting = targets.filter((target) => fits(modelServers.get(modelServerKey(target))));
    // One that does not fit is left to the control plane, whose answer says why.
    return (fitting.length > 0 ? fitting : targets).map(({ owner, name }) => ({ owner, name }));
  }
  await readFor(context, modelServers);
  const entries = modelServers.items.filter(fits);
  if (entries.length === 0) throw new SpellError('not-found', none);
  return askWhich(context, wanted, entries, many);
}

async function askWhich(
  { code }: Context,
  { title }: Wanted,
  entries: readonly ModelServerEntry[],
  many: boolean,
): Promise<ModelServerTarget[]> {
  const { window, l10n } = code;
  const items = entries.map((entry) => toPick(code, entry));
  const options = { title, placeHolder: l10n.t('Choose a model server'), matchOnDescription: true };
  if (!many || items.length === 1) return [(await answered(window.showQuickPick(items, options))).target];
  const chosen = await answered(window.showQuickPick(items, { ...options, canPickMany: true }));
  return chosen.map(({ target }) => target);
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
