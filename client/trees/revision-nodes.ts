import type * as vscode from 'vscode';
import type { Revision } from '../../runtime/api/objects.ts';
import type { ModelServerTarget } from '../contributions.ts';
import type { ModelServerNode } from './model-server-parts.ts';
import type { TreeNode } from './tree-source.ts';

/** Below it stand all revisions of a model server; they are read when it is opened. */
export interface RevisionsNode extends TreeNode, ModelServerTarget {
  readonly kind: 'revisions';
  readonly parent: ModelServerNode;
}

export interface RevisionNode extends TreeNode, ModelServerTarget {
  readonly kind: 'revision';
  readonly parent: RevisionsNode;
  readonly revision: number;
}

/** In the order in which they were read: the newest first. */
export function revisionsBelow(parent: RevisionsNode, revisions: readonly Revision[]): RevisionNode[] {
  const { owner, name } = parent;
  return revisions.map(({ revision }) => ({ id: `${parent.id}/${revision}`, kind: 'revision', parent, owner, name, revision }));
}

/** How a revision looks: how it stands, when it was made, and what differed from the one before. */
export function revisionItem(code: typeof vscode, node: RevisionNode, revision: Revision | undefined): vscode.TreeItem {
  const { TreeItem, TreeItemCollapsibleState, l10n } = code;
  const label = l10n.t('Revision {0}', node.revision);
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  item.id = node.id;
  item.contextValue = `revision.${revision?.state ?? 'unknown'}`;
  if (!revision) return item;
  const words = [stateWords(code, revision.state), new Date(revision.createdAt).toLocaleString(), ...revision.changes];
  item.description = words.join(' · ');
  item.iconPath = revisionIcon(code, revision.state);
  item.accessibilityInformation = { label: [label, ...words].join(', ') };
  return item;
}

export function revisionTooltip(
  { MarkdownString, l10n }: typeof vscode,
  { revision, state, createdAt, creator, changes, reason }: Revision,
): vscode.MarkdownString {
  const text = new MarkdownString().appendMarkdown(`**${l10n.t('Revision {0}', revision)}** — ${stateWords({ l10n }, state)}\n\n`);
  const made = l10n.t('created {0} by {1}', new Date(createdAt).toLocaleString(), creator);
  for (const line of [made, ...changes, reason ?? '']) text.appendText(line).appendMarkdown('\n\n');
  return text;
}

function revisionIcon({ ThemeIcon, ThemeColor }: typeof vscode, state: Revision['state']): vscode.ThemeIcon {
  if (state === 'active') return new ThemeIcon('pass', new ThemeColor('charts.green'));
  if (state === 'failed') return new ThemeIcon('error', new ThemeColor('testing.iconFailed'));
  return new ThemeIcon(state === 'rolling-out' ? 'sync~spin' : 'git-commit');
}

function stateWords({ l10n }: Pick<typeof vscode, 'l10n'>, state: Revision['state']): string {
  const words: Record<Revision['state'], string> = {
    pending: l10n.t('pending'),
    'rolling-out': l10n.t('rolling out'),
    active: l10n.t('answers'),
    retired: l10n.t('retired'),
    failed: l10n.t('failed'),
  };
  return words[state];
}
