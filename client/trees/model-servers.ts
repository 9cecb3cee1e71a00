import type * as vscode from 'vscode';
import { asSpellError } from '../../runtime/api/errors.ts';
import type { MetricsPoint, ModelServer, Revision } from '../../runtime/api/objects.ts';
import { scalingLines } from '../../runtime/api/scaling-lines.ts';
import type { Context } from '../context.ts';
import { type Inventory, isDescribed, type ModelServerEntry, modelServerKey } from '../inventory/inventory.ts';
import { isUnwell } from '../inventory/shown-state.ts';
import { lastMinute } from '../metrics/last-minute.ts';
import { modelServerItem } from './model-server-item.ts';
import { type ModelServerNode, type ModelServerPart, partItem, partsOf, type ScalingNode, workersOf } from './model-server-parts.ts';
import { linesTooltip, modelServerTooltip, podTooltip } from './model-server-tooltips.ts';
import { type RevisionNode, type RevisionsNode, revisionItem, revisionsBelow, revisionTooltip } from './revision-nodes.ts';
import { treeView } from './tree.ts';
import type { TreeSource } from './tree-source.ts';

type Node = ModelServerNode | ModelServerPart | RevisionNode;

/** *Model Servers*: server → what is wrong, its rollout, endpoint, models, mounts, batching, scaling, revisions, and pods → workers. */
export const modelServersView = treeView('modelServers', (context) => new ModelServersSource(context));

class ModelServersSource implements TreeSource<Node> {
  readonly #context: Context;
  readonly #code: typeof vscode;
  readonly listing: Inventory['modelServers'];
  readonly tooltipsAge = true;
  /** As they were read last; a node that the editor forgot takes them along. */
  readonly #revisions = new WeakMap<RevisionsNode, Revision[]>();

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
    if (node.kind === 'revisions') return revisionsBelow(node, await this.#readRevisions(node));
    const server = await this.#described(node);
    if (!server) return [];
    if (node.kind === 'modelServer') return partsOf(node, server);
    return node.kind === 'pod' ? workersOf(node, server) : [];
  }

  item(node: Node): vscode.TreeItem {
    if (node.kind === 'revision') return revisionItem(this.#code, node, this.#revisionOf(node));
    const entry = this.#entry(node);
    if (node.kind === 'modelServer') return modelServerItem(this.#code, node, entry);
    return partItem(this.#code, node, entry && isDescribed(entry) ? entry : undefined);
  }

  async tooltip(node: Node): Promise<vscode.MarkdownString | undefined> {
    if (node.kind === 'revision') {
      const revision = this.#revisionOf(node);
      return revision && revisionTooltip(this.#code, revision);
    }
    const server = await this.#described(node);
    if (!server) return undefined;
    if (node.kind === 'modelServer') return modelServerTooltip(this.#code, server, await this.#lately(server));
    if (node.kind === 'scaling') return this.#scalingTooltip(node);
    const pod = node.kind === 'pod' ? server.podList.find(({ id }) => id === node.pod) : undefined;
    return pod && podTooltip(this.#code, pod);
  }

  attention(): { count: number; words: string } {
    const count = this.listing.items.filter(isUnwell).length;
    const words =
      count === 1 ? this.#code.l10n.t('1 model server is not well') : this.#code.l10n.t('{0} model servers are not well', count);
    return { count, words };
  }

  /** What each pod has at the moment is no event: it is asked for. */
  async #scalingTooltip({ owner, name }: ScalingNode): Promise<vscode.MarkdownString | undefined> {
    const { scaling } = await this.#context.client.describeModelServer({ owner, name });
    return scaling ? linesTooltip(this.#code, scalingLines(scaling)) : undefined;
  }

  /** Nothing is started by pointing at it. */
  async #lately(server: ModelServer): Promise<MetricsPoint | undefined> {
    const { client, controlPlane } = this.#context;
    return server.pods.ready > 0 && controlPlane.state.kind === 'ready' ? lastMinute(client, server) : undefined;
  }

  /** Asked when the node is opened, and again when something happened to its model server while it is. */
  async #readRevisions(node: RevisionsNode): Promise<Revision[]> {
    const { client, log } = this.#context;
    const revisions = await client.listRevisions({ owner: node.owner, name: node.name }).catch((error: unknown): Revision[] => {
      log.warn(asSpellError(error).message);
      return [];
    });
    this.#revisions.set(node, revisions);
    return revisions;
  }

  #revisionOf({ parent, revision }: RevisionNode): Revision | undefined {
    return this.#revisions.get(parent)?.find((each) => each.revision === revision);
  }

  #entry(node: Node): ModelServerEntry | undefined {
    return this.listing.get(modelServerKey(node));
  }

  #described(node: Node): Promise<ModelServer | undefined> {
    return this.listing.detail(modelServerKey(node), isDescribed);
  }
}
