import type * as vscode from 'vscode';
import { SpellError } from '../../runtime/api/errors.ts';
import { answered } from '../commands/cancelled.ts';
import type { Context } from '../context.ts';
import type { ResourceTarget } from '../contributions.ts';
import type { ResourceEntry } from '../inventory/inventory.ts';
import { runStateWords } from '../runs/run-words.ts';
import { filesWords } from '../trees/file-nodes.ts';
import { inOrder } from '../trees/resources.ts';
import { readFor } from './read-for.ts';

/** Which of them a command is for; the menus of the tree ask the same. */
type Fits = (resource: ResourceEntry) => boolean;

const all: Fits = () => true;

/** A run that was interrupted may have saved nothing. */
export const hasFiles: Fits = ({ files }) => files > 0;

/** The upload or run that a command is about: the one it was called with, else the one that somebody picks. */
export async function pickResource(context: Context, title: string, target?: ResourceTarget, fits = all): Promise<ResourceTarget> {
  if (target) return target;
  const { l10n } = context.code;
  const items = await resourceItems(context, fits);
  if (items.length === 0)
    throw new SpellError(
      'not-found',
      l10n.t('There is no upload and no run yet.'),
      l10n.t('Upload a file or folder: the command "Spell: Upload…".'),
    );
  const { label } = await answered(context.code.window.showQuickPick(items, { title, placeHolder: l10n.t('Choose an upload or a run') }));
  return { resource: label };
}

/** The run that a command is about: the one it was called with, else the one that somebody picks, the newest first. */
export async function pickRun(context: Context, title: string, target?: ResourceTarget, fits = all): Promise<ResourceTarget> {
  if (target) return target;
  const { l10n } = context.code;
  const items = (await resourceItems(context, fits)).filter(({ label }) => label.startsWith('runs/'));
  if (items.length === 0) {
    const none = fits === all ? l10n.t('There is no run yet.') : l10n.t('There is no run that saved a file.');
    throw new SpellError('not-found', none, l10n.t('Make one in a terminal: spell run -- COMMAND'));
  }
  const { label } = await answered(context.code.window.showQuickPick(items.reverse(), { title, placeHolder: l10n.t('Choose a run') }));
  return { resource: label };
}

/** Every resource, as pickers show it: uploads, then runs by their numbers. */
export async function resourceItems(context: Context, fits = all): Promise<vscode.QuickPickItem[]> {
  const { resources } = context.inventory;
  await readFor(context, resources);
  const { l10n, ThemeIcon } = context.code;
  return inOrder(resources.items.filter(fits)).map(({ path, files, size, run }) => ({
    label: path,
    description: [...(run?.name ? [run.name] : []), ...(run ? [runStateWords(l10n, run)] : []), filesWords(l10n, files, size)].join(' · '),
    iconPath: new ThemeIcon(run ? 'beaker' : 'archive'),
  }));
}
