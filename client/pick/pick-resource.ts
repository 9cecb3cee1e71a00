import type * as vscode from 'vscode';
import { SpellError } from '../../runtime/api/errors.ts';
import { answered } from '../commands/cancelled.ts';
import type { Context } from '../context.ts';
import type { ResourceTarget } from '../contributions.ts';
import { filesWords } from '../trees/file-nodes.ts';
import { readFor } from './read-for.ts';

/** The resource that a command is about: the one it was called with, else the one that somebody picks. */
export async function pickResource(context: Context, title: string, target?: ResourceTarget): Promise<ResourceTarget> {
  if (target) return target;
  const { l10n } = context.code;
  const items = await resourceItems(context);
  if (items.length === 0) throw new SpellError('not-found', l10n.t('There is no upload yet.'), l10n.t('Upload a file or folder first.'));
  const { label } = await answered(context.code.window.showQuickPick(items, { title, placeHolder: l10n.t('Choose an upload') }));
  return { resource: label };
}

/** Every resource, as pickers show it. */
export async function resourceItems(context: Context): Promise<vscode.QuickPickItem[]> {
  const { resources } = context.inventory;
  await readFor(context, resources);
  const { l10n, ThemeIcon } = context.code;
  return resources.items.map(({ path, files, size }) => ({
    label: path,
    description: filesWords(l10n, files, size),
    iconPath: new ThemeIcon('archive'),
  }));
}
