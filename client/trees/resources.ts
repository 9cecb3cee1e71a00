import type * as vscode from 'vscode';
import type { Context } from '../context.ts';
import type { ResourceTarget } from '../contributions.ts';
import { hasEntries, type Inventory } from '../inventory/inventory.ts';
import { type FileNode, fileItem, filesIn, filesWords } from './file-nodes.ts';
import { treeView } from './tree.ts';
import type { TreeNode, TreeSource } from './tree-source.ts';

export interface ResourceNode extends TreeNode, ResourceTarget {
  readonly kind: 'resource';
}

type Node = ResourceNode | FileNode;

/** *Resources*: what was uploaded, with its files. */
export const resourcesView = treeView('resources', (context) => new ResourcesSource(context));

class ResourcesSource implements TreeSource<Node> {
  readonly #code: typeof vscode;
  readonly listing: Inventory['resources'];

  constructor({ code, inventory }: Context) {
    this.#code = code;
    this.listing = inventory.resources;
  }

  rootId(path: string): string {
    return `resource:${path}`;
  }

  roots(): ResourceNode[] {
    return this.listing.items.map(({ path }) => ({ id: this.rootId(path), kind: 'resource', resource: path }));
  }

  async children(node: Node): Promise<Node[]> {
    const root = resourceAbove(node);
    const known = this.listing.get(root.resource);
    const read = known && hasEntries(known) ? known : await this.listing.refresh(root.resource);
    const entries = read && hasEntries(read) ? read.entries : [];
    return filesIn(node, node.kind === 'resource' ? '' : node.path, entries);
  }

  item(node: Node): vscode.TreeItem {
    if (node.kind !== 'resource') return fileItem(this.#code, node);
    const { TreeItem, TreeItemCollapsibleState, ThemeIcon, l10n } = this.#code;
    const resource = this.listing.get(node.resource);
    const item = new TreeItem(node.resource, TreeItemCollapsibleState.Collapsed);
    item.id = node.id;
    item.contextValue = 'resource';
    item.iconPath = new ThemeIcon('archive');
    item.description = resource ? filesWords(l10n, resource.files, resource.size) : '';
    item.accessibilityInformation = { label: l10n.t('{0}, upload, {1}', node.resource, item.description) };
    return item;
  }

  async tooltip(node: Node): Promise<vscode.MarkdownString | undefined> {
    const resource = node.kind === 'resource' ? this.listing.get(node.resource) : undefined;
    if (!resource) return undefined;
    const { MarkdownString, l10n } = this.#code;
    const when = new Date(resource.createdAt).toLocaleString();
    return new MarkdownString(`**${resource.path}**\n\n`).appendText(l10n.t('uploaded by {0}, {1}', resource.creator, when));
  }
}

function resourceAbove(node: Node): ResourceNode {
  return node.kind === 'resource' ? node : resourceAbove(node.parent as Node);
}
