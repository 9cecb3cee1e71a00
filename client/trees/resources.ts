import type * as vscode from 'vscode';
import type { Run } from '../../runtime/api/objects.ts';
import { shownCommand } from '../../runtime/api/shown-command.ts';
import { shownDuration } from '../../runtime/api/shown-duration.ts';
import type { Context } from '../context.ts';
import type { ResourceTarget } from '../contributions.ts';
import { hasEntries, type Inventory } from '../inventory/inventory.ts';
import { commitWords, runStateWords } from '../runs/run-words.ts';
import {
  type EnvironmentNode,
  type EnvironmentsNode,
  environmentItem,
  environmentsBelow,
  environmentsId,
  environmentsItem,
  environmentsNode,
  environmentTooltip,
} from './environment-nodes.ts';
import { type FileNode, fileItem, filesIn, filesWords } from './file-nodes.ts';
import { runIcon } from './server-appearance.ts';
import { treeView } from './tree.ts';
import type { TreeNode, TreeSource } from './tree-source.ts';

export interface ResourceNode extends TreeNode, ResourceTarget {
  readonly kind: 'resource';
}

type Node = ResourceNode | FileNode | EnvironmentsNode | EnvironmentNode;

/** *Resources*: what was uploaded and what was run, with the files, and the Python environments that were made. */
export const resourcesView = treeView('resources', (context) => new ResourcesSource(context));

class ResourcesSource implements TreeSource<Node> {
  readonly #code: typeof vscode;
  readonly listing: Inventory['resources'];
  readonly #environments: Inventory['environments'];
  readonly group: NonNullable<TreeSource<Node>['group']>;

  constructor({ code, inventory }: Context) {
    this.#code = code;
    this.listing = inventory.resources;
    this.#environments = inventory.environments;
    this.group = { id: environmentsId, listing: inventory.environments };
  }

  rootId(path: string): string {
    return `resource:${path}`;
  }

  roots(): Node[] {
    const resources = inOrder(this.listing.items).map(({ path }): Node => ({ id: this.rootId(path), kind: 'resource', resource: path }));
    return [...resources, ...environmentsNode(this.#environments)];
  }

  async children(node: Node): Promise<Node[]> {
    if (node.kind === 'environments') return environmentsBelow(node, this.#environments);
    if (node.kind === 'environment') return [];
    const root = resourceAbove(node);
    const known = this.listing.get(root.resource);
    const read = known && hasEntries(known) ? known : await this.listing.refresh(root.resource);
    const entries = read && hasEntries(read) ? read.entries : [];
    return filesIn(node, node.kind === 'resource' ? '' : node.path, entries);
  }

  item(node: Node): vscode.TreeItem {
    if (node.kind === 'environments') return environmentsItem(this.#code, node, this.#environments);
    if (node.kind === 'environment') return environmentItem(this.#code, node, this.#environments.get(node.environment));
    if (node.kind !== 'resource') return fileItem(this.#code, node);
    const { TreeItem, TreeItemCollapsibleState, ThemeIcon, l10n } = this.#code;
    const resource = this.listing.get(node.resource);
    const run = resource?.run;
    const hasFiles = (resource?.files ?? 1) > 0;
    const item = new TreeItem(node.resource, hasFiles ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None);
    item.id = node.id;
    item.description = [
      ...(run?.name ? [run.name] : []),
      ...(run ? [runStateWords(l10n, run)] : []),
      ...(resource ? [filesWords(l10n, resource.files, resource.size)] : []),
    ].join(' · ');
    if (!run) {
      item.contextValue = 'resource';
      item.iconPath = new ThemeIcon('archive');
      item.accessibilityInformation = { label: l10n.t('{0}, upload, {1}', node.resource, item.description) };
      return item;
    }
    item.contextValue = hasFiles ? 'run' : 'run.empty';
    item.iconPath = runIcon(this.#code, run.state);
    item.accessibilityInformation = { label: l10n.t('{0}, run, {1}', node.resource, item.description) };
    return item;
  }

  async tooltip(node: Node): Promise<vscode.MarkdownString | undefined> {
    if (node.kind === 'environment') {
      const environment = this.#environments.get(node.environment);
      return environment && environmentTooltip(this.#code, environment);
    }
    const resource = node.kind === 'resource' ? this.listing.get(node.resource) : undefined;
    if (!resource) return undefined;
    const { MarkdownString, l10n } = this.#code;
    const { path, run, creator, createdAt } = resource;
    const when = new Date(run?.endedAt ?? createdAt).toLocaleString();
    const text = new MarkdownString(`**${path}**\n\n`);
    if (!run) return text.appendText(l10n.t('uploaded by {0}, {1}', creator, when));
    const took = shownDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt));
    const lines = [
      l10n.t('{0} after {1}', runStateWords(l10n, run), took),
      l10n.t('run by {0} in {1}, {2}', creator, run.folder, when),
      commitWords(l10n, run),
    ];
    text.appendCodeblock(shownCommand(run.command), 'shellscript');
    for (const line of lines) if (line !== undefined) text.appendText(line).appendMarkdown('\n\n');
    return text;
  }
}

/** Uploads by name, then runs, the oldest first. */
export function inOrder<T extends { path: string; run?: Run | undefined }>(resources: readonly T[]): T[] {
  return [...resources].sort(
    (a, b) => Number(a.run !== undefined) - Number(b.run !== undefined) || a.path.localeCompare(b.path, 'en', { numeric: true }),
  );
}

function resourceAbove(node: ResourceNode | FileNode): ResourceNode {
  return node.kind === 'resource' ? node : resourceAbove(node.parent as ResourceNode | FileNode);
}
