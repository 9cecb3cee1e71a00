import type * as vscode from 'vscode';
import { madeFrom } from '../../runtime/api/environment-parts.ts';
import type { Environment } from '../../runtime/api/objects.ts';
import { shownSize } from '../../runtime/api/shown-size.ts';
import type { EnvironmentTarget } from '../contributions.ts';
import { environmentFacts, environmentStateWords, environmentUsers } from '../environments/environment-words.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { environmentIcon } from './server-appearance.ts';
import type { TreeNode } from './tree-source.ts';

/** Above all environments. */
export interface EnvironmentsNode extends TreeNode {
  readonly kind: 'environments';
}

export interface EnvironmentNode extends TreeNode, EnvironmentTarget {
  readonly kind: 'environment';
  readonly parent: EnvironmentsNode;
}

export const environmentsId = 'environments';

/** The node above the environments, where there are some, or nobody knows. */
export function environmentsNode({ items, state }: Inventory['environments']): EnvironmentsNode[] {
  return items.length > 0 || state === 'failed' ? [{ id: environmentsId, kind: 'environments' }] : [];
}

/** What wants attention first, then those that were used last. */
export function environmentsBelow(parent: EnvironmentsNode, { items }: Inventory['environments']): EnvironmentNode[] {
  const order: Record<Environment['state'], number> = { making: 0, failed: 1, ready: 2 };
  return [...items]
    .sort((a, b) => order[a.state] - order[b.state] || b.lastUsedAt.localeCompare(a.lastUsedAt))
    .map(({ id }) => ({ id: `${parent.id}/${id}`, kind: 'environment', parent, environment: id }));
}

/** How the node above them looks: how many they are, how large, and whether one could not be made. */
export function environmentsItem(code: typeof vscode, node: EnvironmentsNode, listing: Inventory['environments']): vscode.TreeItem {
  const { TreeItem, TreeItemCollapsibleState, ThemeIcon, l10n } = code;
  const { items, error } = listing;
  const size = items.reduce((sum, each) => sum + each.size, 0);
  const count = (state: Environment['state']): number => items.filter((each) => each.state === state).length;
  const item = new TreeItem(l10n.t('Environments'), TreeItemCollapsibleState.Collapsed);
  item.id = node.id;
  item.contextValue = 'environments';
  item.iconPath = new ThemeIcon('server-environment');
  item.description = [
    ...(error ? [error.message] : []),
    ...(items.length > 0 ? [String(items.length)] : []),
    ...(size > 0 ? [shownSize(size)] : []),
    ...(count('making') > 0 ? [l10n.t('{0} being made', count('making'))] : []),
    ...(count('failed') > 0 ? [l10n.t('{0} failed', count('failed'))] : []),
  ].join(' · ');
  item.accessibilityInformation = { label: l10n.t('Python environments, {0}', item.description) };
  return item;
}

/** How an environment looks now; of one that is gone meanwhile, its bare id. */
export function environmentItem(code: typeof vscode, node: EnvironmentNode, environment: Environment | undefined): vscode.TreeItem {
  const { TreeItem, TreeItemCollapsibleState, l10n } = code;
  const item = new TreeItem(environment ? madeFrom(environment) : node.environment, TreeItemCollapsibleState.None);
  item.id = node.id;
  item.contextValue = `environment.${environment?.state ?? 'gone'}`;
  if (!environment) return item;
  const { state, stage, failure } = environment;
  item.iconPath = environmentIcon(code, state);
  const users = environmentUsers(l10n, environment);
  const parts = [environmentStateWords(l10n, environment), failure?.message ?? stage ?? environmentFacts(l10n, environment), users];
  item.description = parts.filter((part) => part !== undefined).join(' · ');
  item.accessibilityInformation = { label: l10n.t('{0}, environment, {1}', String(item.label), item.description) };
  return item;
}

/** What its line has no room for; of one that failed, the last words of what tried. */
export function environmentTooltip(code: typeof vscode, environment: Environment): vscode.MarkdownString {
  const { MarkdownString, l10n } = code;
  const { kind, stage, failure, createdAt } = environment;
  const text = new MarkdownString().appendText(`${kind}: ${madeFrom(environment)}`).appendMarkdown('\n\n');
  const lines = [
    [environmentStateWords(l10n, environment), environmentFacts(l10n, environment)].filter((part) => part !== undefined).join(' · '),
    environmentUsers(l10n, environment) ?? l10n.t('used by nobody'),
    new Date(createdAt).toLocaleString(),
    ...(stage === null ? [] : [stage]),
  ];
  for (const line of lines) text.appendText(line).appendMarkdown('\n\n');
  if (!failure) return text;
  text.appendText(failure.message).appendMarkdown('\n\n');
  if (failure.log.length > 0) text.appendCodeblock(failure.log.join('\n'), 'log');
  return text;
}
