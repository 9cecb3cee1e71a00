import type * as vscode from 'vscode';
import { SpellError } from '../../runtime/api/errors.ts';
import type { ModelServerState } from '../../runtime/api/objects.ts';
import { answered } from '../commands/cancelled.ts';
import type { Context } from '../context.ts';
import type { ModelServerTarget, ServerTarget } from '../contributions.ts';
import { type ModelServerEntry, modelServerKey } from '../inventory/inventory.ts';
import { modelServerItem } from '../trees/model-server-item.ts';
import { modelServersOf } from './model-servers-of.ts';
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

/**
 * The model server that a command is about: the one it was called with, or that serves the file it was called on, else the one
 * that somebody picks; those of the file that is open come first.
 */
export async function pickModelServer(context: Context, wanted: Wanted, target?: ServerTarget): Promise<ModelServerTarget> {
  if (target === undefined) return ask(context, wanted);
  return target instanceof context.code.Uri ? ofFile(context, wanted, target) : { owner: target.owner, name: target.name };
}

/**
 * As {@link pickModelServer}, for a command that takes several at once. Of those that are selected together only the
 * wanted ones are taken; where none is, the control plane's answer says why it cannot be done.
 */
export async function pickModelServers(
  context: Context,
  wanted: Wanted,
  targets: readonly ServerTarget[] = [],
): Promise<ModelServerTarget[]> {
  const [first] = targets;
  if (first === undefined || first instanceof context.code.Uri) return [await pickModelServer(context, wanted, first)];
  const named = targets as readonly ModelServerTarget[];
  const { modelServers } = context.inventory;
  const fitting = named.filter((target) => fits(wanted, modelServers.get(modelServerKey(target))));
  return (fitting.length > 0 ? fitting : named).map(({ owner, name }) => ({ owner, name }));
}

/** What was not read yet may fit. */
function fits({ states }: Wanted, entry: ModelServerEntry | undefined): boolean {
  return !states || !entry || states.includes(entry.state);
}

async function ask(context: Context, wanted: Wanted): Promise<ModelServerTarget> {
  const { code, inventory } = context;
  await readFor(context, inventory.modelServers);
  const open = code.window.activeTextEditor?.document.uri;
  const ofOpen = open?.scheme === 'file' ? await modelServersOf(context, open).catch(() => []) : [];
  const first = new Set(ofOpen.map(modelServerKey));
  const all = inventory.modelServers.items.filter((entry) => fits(wanted, entry));
  const isFirst = (entry: ModelServerEntry): boolean => first.has(modelServerKey(entry));
  return choose(context, wanted, [...all.filter(isFirst), ...all.filter((entry) => !isFirst(entry))]);
}

/** The one that serves a file; of several, the one that somebody picks. */
async function ofFile(context: Context, wanted: Wanted, file: vscode.Uri): Promise<ModelServerTarget> {
  const { code } = context;
  const { l10n, workspace } = code;
  const serving = await modelServersOf(context, file);
  const fitting = serving.filter((entry) => fits(wanted, entry));
  const [only, ...more] = fitting;
  if (only && more.length === 0) return { owner: only.owner, name: only.name };
  if (only) return choose(context, wanted, fitting);
  const shown = workspace.asRelativePath(file);
  if (serving.length > 0) throw new SpellError('not-found', `${shown}: ${wanted.none}`);
  throw new SpellError(
    'not-found',
    l10n.t('No model server was served from {0}.', shown),
    l10n.t('Serve it first, with the lens above its class or the command "Spell: Serve This File".'),
  );
}

async function choose(
  { code, inventory }: Context,
  { title, none }: Wanted,
  entries: readonly ModelServerEntry[],
): Promise<ModelServerTarget> {
  const items = entries.map((entry) => toPick(code, entry));
  if (items.length === 0) {
    const serve = code.l10n.t('Serve a predictor: the command "Spell: Serve a Predictor…".');
    throw new SpellError('not-found', none, inventory.modelServers.items.length === 0 ? serve : undefined);
  }
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
