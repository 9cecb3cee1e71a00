import type * as vscode from 'vscode';
import { Emitter } from './emitter.ts';

/** The view of a tree, as the editor has it, and what a test wants to know of it. */
export interface FakeTreeView {
  provider: vscode.TreeDataProvider<unknown>;
  message: string | undefined;
  badge: vscode.ViewBadge | undefined;
  /** What was asked to be drawn again: a node, or undefined for everything. */
  drawn: unknown[];
  show(): void;
}

/** The parts of the editor that trees touch. Values are data; nothing is drawn. */
export function fakeEditor(): { code: typeof vscode; trees: Map<string, FakeTreeView>; keys: Map<string, unknown> } {
  const trees = new Map<string, FakeTreeView>();
  const keys = new Map<string, unknown>();
  class EventEmitter<T> extends Emitter<T> {
    dispose(): void {}
  }
  class TreeItem {
    label: string;
    collapsibleState: number;
    constructor(label: string, collapsibleState: number) {
      this.label = label;
      this.collapsibleState = collapsibleState;
    }
  }
  class ThemeIcon {
    static readonly File = new ThemeIcon('file');
    static readonly Folder = new ThemeIcon('folder');
    id: string;
    color: unknown;
    constructor(id: string, color?: unknown) {
      this.id = id;
      this.color = color;
    }
  }
  class ThemeColor {
    id: string;
    constructor(id: string) {
      this.id = id;
    }
  }
  class MarkdownString {
    value: string;
    constructor(value = '') {
      this.value = value;
    }
    appendMarkdown(text: string): this {
      this.value += text;
      return this;
    }
    appendCodeblock(text: string): this {
      return this.appendMarkdown(`\n${text}\n`);
    }
    appendText(text: string): this {
      return this.appendMarkdown(text);
    }
  }
  const createTreeView = (id: string, { treeDataProvider }: vscode.TreeViewOptions<unknown>): unknown => {
    const visibility = new Emitter<unknown>();
    const view = {
      visible: false,
      message: undefined,
      badge: undefined,
      provider: treeDataProvider,
      drawn: [] as unknown[],
      onDidChangeVisibility: visibility.event,
      dispose: () => {},
      show: () => {
        view.visible = true;
        visibility.fire(undefined);
      },
    };
    trees.set(id, view);
    queueMicrotask(() => treeDataProvider.onDidChangeTreeData?.((node) => view.drawn.push(node)));
    return view;
  };
  const code = {
    EventEmitter,
    TreeItem,
    ThemeIcon,
    ThemeColor,
    MarkdownString,
    TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
    Uri: { from: (parts: object) => parts },
    l10n: { t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)])) },
    window: { createTreeView },
    workspace: { isTrusted: true },
    commands: { executeCommand: async (_: string, key: string, value: unknown) => void keys.set(key, value) },
  } as unknown as typeof vscode;
  return { code, trees, keys };
}
