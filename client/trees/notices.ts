import type * as vscode from 'vscode';
import type { SpellError } from '../../runtime/api/errors.ts';
import type { CommandId } from '../contributions.ts';
import type { TreeNode } from './tree-source.ts';

/** Something that a tree says instead of its nodes, or that can be done about it. */
export interface NoticeNode extends TreeNode {
  readonly kind: 'notice';
  readonly label: string;
  readonly icon: string;
  /** What there is to read, when somebody points at it. */
  readonly details?: string;
  /** What a click does. */
  readonly command?: CommandId;
}

/** Why there is nothing to see, and the ways on: a welcome text could not name the reason, and the editor hides it beside a message. */
export function failureNotices({ l10n }: typeof vscode, { message, hint }: SpellError, retry: CommandId): NoticeNode[] {
  return [
    { id: 'notice:failure', kind: 'notice', label: message, icon: 'error', details: [message, hint].filter(Boolean).join('\n\n') },
    ...(hint === undefined ? [] : [{ id: 'notice:hint', kind: 'notice' as const, label: hint, icon: 'lightbulb', details: hint }]),
    { id: 'notice:retry', kind: 'notice', label: l10n.t('Retry'), icon: 'refresh', command: retry },
    { id: 'notice:log', kind: 'notice', label: l10n.t('Show log'), icon: 'output', command: 'spell.controlPlane.showLog' },
  ];
}

export function isNotice(node: TreeNode): node is NoticeNode {
  return 'kind' in node && node.kind === 'notice';
}

/** How a notice looks. */
export function noticeItem({ TreeItem, TreeItemCollapsibleState, ThemeIcon }: typeof vscode, node: NoticeNode): vscode.TreeItem {
  const { id, label, icon, details, command } = node;
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  item.id = id;
  item.contextValue = 'notice';
  item.iconPath = new ThemeIcon(icon);
  item.tooltip = details ?? label;
  if (command) item.command = { command, title: label };
  return item;
}
