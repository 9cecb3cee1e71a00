import type * as vscode from 'vscode';
import type { MetricsPoint, ModelServer } from '../../runtime/api/objects.ts';
import type { Context } from '../context.ts';
import { type Inventory, isDescribed, type ModelServerEntry, modelServerKey } from '../inventory/inventory.ts';
import { lastMinute } from '../metrics/last-minute.ts';
import { modelServerItem } from './model-server-item.ts';
import { type ModelServerNode, type ModelServerPart, partItem, partsOf, workersOf } from './model-server-parts.ts';
import { modelServerTooltip, podTooltip } from './model-server-tooltips.ts';
import { unhealthyStates } from './server-appearance.ts';
import { treeView } from './tree.ts';
import type { TreeSource } from './tree-source.ts';

type Node = ModelServerNode | ModelServerPart;

/** *Model Servers*: server → what is wrong, its rollout, endpoint, models, batching, and pods → workers. */
export const modelServersView = treeView('modelServers', (context) => new ModelServersSource(context));

class ModelServersSource implements TreeSource<Node> {
  readonly #context: Context;
  readonly #code: typeof vscode;
  readonly listing: Inventory['modelServers'];
  readonly tooltipsAge = true;

  constructor(context: Context) {
    this.#context = context;
    this.#code = context.code;
    this.listing = context.inventory.modelServers;
  }

  rootId(key: string): string {
    return `modelServer:${key}`;
  }

  roots(): ModelServerNode[] {
    return this.listing.items.map(({ owner, name }) => ({
      id: this.rootId(modelServerKey({ owner, name })),
      kind: 'modelServer',
      owner,
      name,
    }));
  }

  async children(node: Node): Promise<Node[]> {
    const server = await this.#described(node);
    if (!server) return [];
    if (node.kind === 'modelServer') return partsOf(node, server);
    return node.kind === 'pod' ? workersOf(node, server) : [];
  }

  item(node: Node): vscode.TreeItem {
    const entry = this.#entry(node);
    if (node.kind === 'modelServer') return modelServerItem(this.#code, node, entry);
    return partItem(this.#code, node, entry && isDescribed(entry) ? entry : undefined);
  }

  async tooltip(node: Node): Promise<vscode.MarkdownString | undefined> {
    const server = await this.#described(node);
    if (!server) return undefined;
    if (node.kind === 'modelServer') return modelServerTooltip(this.#code, server, await this.#lately(server));
    const pod = node.kind === 'pod' ? server.podList.find(({ id }) => id === node.pod) : undefined;
    return pod && podTooltip(this.#code, pod);
  }

  attention(): { count: number; words: string } {
    const count = this.listing.items.filter(({ state }) => unhealthyStates.includes(state)).length;
    const words =
      count === 1 ? this.#code.l10n.t('1 model server is not well') : this.#code.l10n.t('{0} model servers are not well', count);
    return { count, words };
  }

  /** Nothing is started by pointing at it. */
  async #lately(server: ModelServer): Promise<MetricsPoint | undefined> {
    const { client, controlPlane } = this.#context;
    return server.pods.ready > 0 && controlPlane.state.kind === 'ready' ? lastMinute(client, server) : undefined;
  }

  #entry(node: Node): ModelServerEntry | undefined {
    return this.listing.get(modelServerKey(node));
  }

  #described(node: Node): Promise<ModelServer | undefined> {
    return this.listing.detail(modelServerKey(node), isDescribed);
  }
}
