import type * as vscode from 'vscode';
import type { SpellError } from '../../runtime/api/errors.ts';
import type { Context, Contribution } from '../context.ts';
import { type CommandId, type ContextKeys, setContextKey, type ViewName, views } from '../contributions.ts';
import { failureNotices, isNotice, type NoticeNode, noticeItem } from './notices.ts';
import type { TreeNode, TreeSource } from './tree-source.ts';

/** How long a tooltip that ages is right, in milliseconds. */
const tooltipAgeMs = 10_000;

/**
 * Shows a source in its view: reads it when somebody first looks, draws again what its changes tell of and nothing else,
 * and says in the view what could not be read.
 */
export function treeView<N extends TreeNode>(view: ViewName, makeSource: (context: Context) => TreeSource<N>): Contribution {
  return { register: (context) => new Tree(context, view, makeSource(context)) };
}

class Tree<N extends TreeNode> implements vscode.TreeDataProvider<N | NoticeNode> {
  readonly #context: Context;
  readonly #view: ViewName;
  readonly #source: TreeSource<N>;
  readonly #changed: vscode.EventEmitter<N | NoticeNode | undefined>;
  readonly #treeView: vscode.TreeView<N | NoticeNode>;
  /** The editor knows what to draw again by the node's identity: each root is handed out once. */
  readonly #known = new Map<string, N>();
  readonly #subscriptions: { dispose(): void }[];
  readonly #aging = new Set<NodeJS.Timeout>();
  readonly onDidChangeTreeData: vscode.Event<N | NoticeNode | undefined>;

  constructor(context: Context, view: ViewName, source: TreeSource<N>) {
    const { code, controlPlane } = context;
    this.#context = context;
    this.#view = view;
    this.#source = source;
    this.#changed = new code.EventEmitter<N | undefined>();
    this.onDidChangeTreeData = this.#changed.event;
    this.#treeView = code.window.createTreeView(views[view], { treeDataProvider: this, canSelectMany: true, showCollapseAll: true });
    this.#subscriptions = [
      this.#treeView,
      this.#changed,
      source.listing.onDidChange((change) => this.#refresh('key' in change ? this.#known.get(source.rootId(change.key)) : undefined)),
      ...(source.group ? [source.group.listing.onDidChange(() => this.#refreshGroup())] : []),
      controlPlane.onDidChange(({ kind }) => {
        if (kind === 'ready') this.#readIfWanted();
        this.#refresh(undefined);
      }),
      this.#treeView.onDidChangeVisibility(() => this.#need()),
    ];
    this.#tell();
    this.#need();
  }

  getChildren(node?: N | NoticeNode): Promise<N[]> | (N | NoticeNode)[] {
    if (node && isNotice(node)) return [];
    if (node) return this.#source.children(node);
    const { code } = this.#context;
    const { failure, retry } = this.#failure();
    if (failure) return failureNotices(code, failure, retry);
    return this.#source.roots().map((each) => this.#once(each));
  }

  getTreeItem(node: N | NoticeNode): vscode.TreeItem {
    return isNotice(node) ? noticeItem(this.#context.code, node) : this.#source.item(node);
  }

  getParent(node: N | NoticeNode): N | undefined {
    return node.parent as N | undefined;
  }

  async resolveTreeItem(item: vscode.TreeItem, node: N | NoticeNode): Promise<vscode.TreeItem> {
    if (isNotice(node)) return item;
    const tooltip = await this.#source.tooltip(node);
    if (tooltip) item.tooltip = tooltip;
    if (tooltip && this.#source.tooltipsAge) this.#drawAgainLater(node);
    return item;
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    for (const each of this.#aging) clearTimeout(each);
  }

  /** The editor asks for a tooltip once, until its node is drawn again. */
  #drawAgainLater(node: N): void {
    const timer = setTimeout(() => {
      this.#aging.delete(timer);
      this.#changed.fire(node);
    }, tooltipAgeMs);
    this.#aging.add(timer);
  }

  #once(node: N): N {
    const known = this.#known.get(node.id);
    if (known) return known;
    this.#known.set(node.id, node);
    return node;
  }

  /** Why there is nothing to show, and the command that tries again. */
  #failure(): { failure: SpellError | undefined; retry: CommandId } {
    const { state } = this.#context.controlPlane;
    if (state.kind === 'failed') return { failure: state.error, retry: 'spell.controlPlane.start' };
    const { listing } = this.#source;
    return { failure: listing.state === 'failed' ? listing.error : undefined, retry: `spell.${this.#view}.refresh` };
  }

  /** Somebody looks: what is not there is started, but never again by itself after it was taken down. */
  #need(): void {
    const { code, controlPlane } = this.#context;
    if (!this.#treeView.visible) return;
    // Why it failed is told in the view.
    if (controlPlane.state.kind === 'absent' && code.workspace.isTrusted) void controlPlane.connect().catch(() => {});
    this.#readIfWanted();
  }

  #readIfWanted(): void {
    if (!this.#treeView.visible || this.#context.controlPlane.state.kind !== 'ready') return;
    const { listing, group } = this.#source;
    for (const each of [listing, group?.listing]) if (each?.state === 'unread') void each.read();
  }

  /** All is drawn again only where it comes or goes. */
  #refreshGroup(): void {
    const isThere = this.#source.roots().some(({ id }) => id === this.#source.group?.id);
    this.#refresh(isThere ? this.#known.get(this.#source.group?.id ?? '') : undefined);
  }

  #refresh(node: N | undefined): void {
    if (!node) this.#forgetGone();
    this.#changed.fire(node);
    this.#tell();
  }

  /** Nodes of things that are gone are not kept for ever. */
  #forgetGone(): void {
    const roots = new Set(this.#source.roots().map(({ id }) => id));
    for (const id of this.#known.keys()) if (!roots.has(id)) this.#known.delete(id);
  }

  /** What the view says apart from its nodes: a message, a badge, and the context key that chooses its welcome text. */
  #tell(): void {
    const { code, controlPlane } = this.#context;
    const { listing } = this.#source;
    const { state } = controlPlane;
    setContextKey(code, `spell.${this.#view}.state` satisfies keyof ContextKeys, listing.state);
    const lost = code.l10n.t('The control plane went away; it is waited for. Model servers go on answering.');
    const message = state.kind === 'lost' ? lost : '';
    if ((this.#treeView.message ?? '') !== message) this.#treeView.message = message;
    const attention = this.#source.attention?.();
    this.#treeView.badge = attention && attention.count > 0 ? { value: attention.count, tooltip: attention.words } : undefined;
  }
}
