import type * as vscode from 'vscode';
import { isDescribed, type ModelServerEntry } from '../inventory/inventory.ts';
import { shownState, whyNoRoom } from '../inventory/shown-state.ts';
import type { ModelServerNode } from './model-server-parts.ts';
import { modelServerIcon, podsReadyWords, stateWords } from './server-appearance.ts';

/** How a model server looks: its state as an icon, as words, and in `contextValue` for menus. */
export function modelServerItem(code: typeof vscode, node: ModelServerNode, entry: ModelServerEntry | undefined): vscode.TreeItem {
  const { TreeItem, TreeItemCollapsibleState, l10n } = code;
  const item = new TreeItem(shownName(node), TreeItemCollapsibleState.Collapsed);
  item.id = node.id;
  item.contextValue = `modelServer.${entry?.state ?? 'unknown'}`;
  if (!entry) return item;
  const { pods } = entry;
  const state = shownState(entry);
  item.iconPath = modelServerIcon(code, state);
  const words = stateWords(code, state);
  item.description = [words, ...aside(code, entry, l10n.t('{0}/{1} pods', pods.ready, pods.total))].join(' · ');
  const spoken = aside(code, entry, podsReadyWords(code, pods));
  item.accessibilityInformation = { label: [shownName(node), l10n.t('model server'), words, ...spoken].join(', ') };
  return item;
}

/** What stands beside the state: how far a rollout is, why it is not well or has no room, else its pods. */
function aside({ l10n }: typeof vscode, entry: ModelServerEntry, podWords: string): string[] {
  const state = shownState(entry);
  if (state === 'unschedulable') return [entry.pods.ready === 0 ? null : podWords, whyNoRoom(entry)].filter((words) => words !== null);
  if (isDescribed(entry)) {
    const { rollout, reason } = entry;
    if (rollout?.state === 'progressing') return rollout.stage === null ? [] : [rollout.stage];
    if (reason !== null) return [reason];
    if (rollout?.state === 'failed') return [podWords, l10n.t('the update failed')];
  }
  return state === 'stopped' || state === 'failed' ? [] : [podWords];
}

/** The owner is said where it is not the usual one. */
export function shownName({ owner, name }: { owner: string; name: string }): string {
  return owner === 'local' ? name : `${owner}/${name}`;
}
