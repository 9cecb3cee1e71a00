import type * as vscode from 'vscode';
import type { ModelVersion } from '../../runtime/api/objects.ts';
import { shownCommand } from '../../runtime/api/shown-command.ts';
import type { Context } from '../context.ts';
import type { ModelTarget } from '../contributions.ts';
import { hasVersions, type Inventory } from '../inventory/inventory.ts';
import { commitWords } from '../runs/run-words.ts';
import { type FileNode, fileItem, filesIn, filesWords } from './file-nodes.ts';
import { treeView } from './tree.ts';
import type { TreeNode, TreeSource } from './tree-source.ts';

export interface ModelNode extends TreeNode, ModelTarget {
  readonly kind: 'model';
}

export interface ModelVersionNode extends TreeNode, ModelTarget {
  readonly kind: 'modelVersion';
  readonly parent: ModelNode;
  readonly version: number;
}

type Node = ModelNode | ModelVersionNode | FileNode;

/** *Models*: model → versions → files. */
export const modelsView = treeView('models', (context) => new ModelsSource(context));

class ModelsSource implements TreeSource<Node> {
  readonly #code: typeof vscode;
  readonly #inventory: Inventory;
  readonly listing: Inventory['models'];

  constructor({ code, inventory }: Context) {
    this.#code = code;
    this.#inventory = inventory;
    this.listing = inventory.models;
  }

  rootId(model: string): string {
    return `model:${model}`;
  }

  roots(): ModelNode[] {
    return this.listing.items.map(({ name }) => ({ id: this.rootId(name), kind: 'model', model: name }));
  }

  async children(node: Node): Promise<Node[]> {
    if (node.kind === 'model') return (await this.#versions(node)).map((version) => toVersionNode(node, version));
    if (node.kind === 'modelVersion') return filesIn(node, '', this.#version(node)?.files ?? []);
    return filesIn(node, node.path, this.#version(versionAbove(node))?.files ?? []);
  }

  item(node: Node): vscode.TreeItem {
    if (node.kind === 'model') return this.#modelItem(node);
    if (node.kind === 'modelVersion') return this.#versionItem(node);
    return fileItem(this.#code, node);
  }

  async tooltip(node: Node): Promise<vscode.MarkdownString | undefined> {
    const { MarkdownString, l10n } = this.#code;
    if (node.kind !== 'model' && node.kind !== 'modelVersion') return undefined;
    const version = node.kind === 'model' ? (await this.#versions(node))[0] : this.#version(node);
    if (!version) return undefined;
    const text = new MarkdownString();
    text.appendMarkdown(`**${node.model}:${shownVersion(version)}**\n\n`);
    if (version.description) text.appendText(version.description).appendMarkdown('\n\n');
    text.appendText(l10n.t('made from {0} by {1}, {2}', version.resource, version.creator, new Date(version.createdAt).toLocaleString()));
    const commit = version.run === null ? undefined : commitWords(l10n, version.run);
    if (version.run) text.appendCodeblock(shownCommand(version.run.command), 'shellscript');
    if (commit !== undefined) text.appendText(commit);
    return text;
  }

  async #versions(node: ModelNode): Promise<ModelVersion[]> {
    return (await this.#inventory.models.detail(node.model, hasVersions))?.versions ?? [];
  }

  #version({ model, version }: ModelTarget): ModelVersion | undefined {
    return this.#inventory.models.get(model)?.versions?.find((each) => each.version === version);
  }

  #modelItem({ id, model }: ModelNode): vscode.TreeItem {
    const { TreeItem, TreeItemCollapsibleState, ThemeIcon, l10n } = this.#code;
    const item = new TreeItem(model, TreeItemCollapsibleState.Collapsed);
    const latest = this.#inventory.models.get(model)?.latestVersion;
    item.id = id;
    item.contextValue = 'model';
    item.iconPath = new ThemeIcon('package');
    item.description = latest ? shownVersion({ version: latest.number, custom: latest.custom }) : '';
    item.accessibilityInformation = { label: l10n.t('{0}, model, latest version {1}', model, item.description) };
    return item;
  }

  #versionItem(node: ModelVersionNode): vscode.TreeItem {
    const { TreeItem, TreeItemCollapsibleState, ThemeIcon, l10n } = this.#code;
    const version = this.#version(node);
    const item = new TreeItem(version ? shownVersion(version) : `v${node.version}`, TreeItemCollapsibleState.Collapsed);
    const size = (version?.files ?? []).reduce((sum, file) => sum + file.size, 0);
    item.id = node.id;
    item.contextValue = 'modelVersion';
    item.iconPath = new ThemeIcon('versions');
    item.description = version ? `${version.resource} · ${filesWords(l10n, version.files.length, size)}` : '';
    item.accessibilityInformation = { label: l10n.t('{0}, version of {1}, {2}', String(item.label), node.model, item.description) };
    return item;
  }
}

function toVersionNode(parent: ModelNode, { version }: ModelVersion): ModelVersionNode {
  return { id: `${parent.id}:v${version}`, kind: 'modelVersion', parent, model: parent.model, version };
}

function versionAbove(node: FileNode): ModelVersionNode {
  const parent = node.parent as FileNode | ModelVersionNode;
  return parent.kind === 'modelVersion' ? parent : versionAbove(parent);
}

/** `v8`, or `demo (v8)` where it has a name. */
export function shownVersion({ version, custom }: Pick<ModelVersion, 'version' | 'custom'>): string {
  return custom === null ? `v${version}` : `${custom} (v${version})`;
}
