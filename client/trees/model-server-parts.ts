import type * as vscode from 'vscode';
import { mountOf, mountsOf } from '../../runtime/api/mounts.ts';
import type { ModelServer } from '../../runtime/api/objects.ts';
import type { ModelServerTarget } from '../contributions.ts';
import type { RevisionsNode } from './revision-nodes.ts';
import { podIcon, stateWords } from './server-appearance.ts';
import type { TreeNode } from './tree-source.ts';

export interface ModelServerNode extends TreeNode, ModelServerTarget {
  readonly kind: 'modelServer';
}

interface Part extends TreeNode, ModelServerTarget {
  readonly parent: ModelServerNode;
}

/** Why it is not running well. */
export interface ProblemNode extends Part {
  readonly kind: 'problem';
}

/** A rollout that is under way, or that failed. */
export interface RolloutNode extends Part {
  readonly kind: 'rollout';
}

export interface EndpointNode extends Part {
  readonly kind: 'endpoint';
}

export interface ServedModelNode extends Part {
  readonly kind: 'servedModel';
  /** `NAME:VERSION`. */
  readonly served: string;
}

export interface BatchingNode extends Part {
  readonly kind: 'batching';
}

export interface MountNode extends Part {
  readonly kind: 'mount';
  /** `RESOURCE[:PATH]`, as in the settings. */
  readonly mount: string;
}

/** Between how many pods it moves, and why it moved last. */
export interface ScalingNode extends Part {
  readonly kind: 'scaling';
}

export interface PodNode extends Part {
  readonly kind: 'pod';
  readonly pod: string;
}

export interface WorkerNode extends TreeNode, ModelServerTarget {
  readonly kind: 'worker';
  readonly parent: PodNode;
  readonly pod: string;
  /** Counted from 0. */
  readonly worker: number;
}

export type ModelServerPart =
  | ProblemNode
  | RolloutNode
  | EndpointNode
  | ServedModelNode
  | MountNode
  | BatchingNode
  | ScalingNode
  | RevisionsNode
  | PodNode
  | WorkerNode;

/** What stands below a model server: what is wrong first, then what it is, then what runs. */
export function partsOf(parent: ModelServerNode, server: ModelServer): ModelServerPart[] {
  const { owner, name } = parent;
  const part = <K extends string>(kind: K, suffix: string = kind): Part & { kind: K } => ({
    id: `${parent.id}/${suffix}`,
    kind,
    parent,
    owner,
    name,
  });
  const { reason, rollout, models, batching, scaling, podList } = server;
  return [
    ...(reason === null ? [] : [part('problem')]),
    ...(rollout && (rollout.state === 'progressing' || rollout.state === 'draining' || rollout.state === 'failed')
      ? [part('rollout')]
      : []),
    part('endpoint'),
    ...models.map((served) => ({ ...part('servedModel', `model:${served}`), served })),
    ...mountsOf(server).map((mount) => ({ ...part('mount', `mount:${mountOf(mount).path}`), mount })),
    ...(batching ? [part('batching')] : []),
    ...(scaling ? [part('scaling')] : []),
    part('revisions'),
    ...podList.map(({ id }) => ({ ...part('pod', `pod:${id}`), pod: id })),
  ];
}

/** The Python processes of a pod. */
export function workersOf(parent: PodNode, { podList }: ModelServer): WorkerNode[] {
  const { owner, name, pod } = parent;
  const workers = podList.find(({ id }) => id === pod)?.workers ?? [];
  return workers.map((_, worker) => ({ id: `${parent.id}/${worker}`, kind: 'worker', parent, owner, name, pod, worker }));
}

/** How a part looks now; of a model server that is gone meanwhile, its bare name. */
export function partItem(code: typeof vscode, node: ModelServerPart, server: ModelServer | undefined): vscode.TreeItem {
  const { TreeItem, TreeItemCollapsibleState } = code;
  const look = server ? lookOf(code, node, server) : undefined;
  const hasChildren = node.kind === 'revisions' || (node.kind === 'pod' && look?.contextValue !== 'pod.unschedulable');
  const item = new TreeItem(look?.label ?? node.kind, hasChildren ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None);
  item.id = node.id;
  item.contextValue = look?.contextValue ?? node.kind;
  if (!look) return item;
  const { label, description, icon, words } = look;
  item.iconPath = icon;
  if (description !== undefined) item.description = description;
  item.accessibilityInformation = { label: [label, words, description].filter(Boolean).join(', ') };
  return item;
}

interface Look {
  label: string;
  description?: string;
  icon: vscode.ThemeIcon;
  /** What kind of thing it is, for who cannot see the icon. */
  words: string;
  contextValue?: string;
}

function targetWords({ l10n }: typeof vscode, { setting, target }: NonNullable<ModelServer['scaling']>['targets'][number]): string {
  return setting === 'target-cpu-utilization'
    ? l10n.t('target {0} of the requested CPUs', target)
    : l10n.t('target {0} requests/s per pod', target);
}

function lookOf(code: typeof vscode, node: ModelServerPart, server: ModelServer): Look | undefined {
  const { ThemeIcon, ThemeColor, l10n } = code;
  switch (node.kind) {
    case 'problem': {
      const { failure, reason, state } = server;
      const place = failure?.file ? `${failure.file}${failure.line === null ? '' : `:${failure.line}`}` : undefined;
      const icon = state === 'failed' ? new ThemeIcon('error', new ThemeColor('testing.iconFailed')) : new ThemeIcon('warning');
      return { label: reason ?? '', ...(place ? { description: place } : {}), icon, words: l10n.t('problem') };
    }
    case 'rollout': {
      const { rollout } = server;
      if (!rollout) return undefined;
      const failed = rollout.state === 'failed';
      const words = failed ? l10n.t('failed') : rollout.state === 'draining' ? l10n.t('draining the old pods') : l10n.t('rolling out');
      return {
        label: l10n.t('Revision {0}', rollout.revision),
        description: [words, failed ? rollout.reason : rollout.stage].filter(Boolean).join(' · '),
        icon: failed ? new ThemeIcon('error', new ThemeColor('testing.iconFailed')) : new ThemeIcon('sync~spin'),
        words: l10n.t('rollout'),
        contextValue: `rollout.${rollout.state}`,
      };
    }
    case 'endpoint':
      return { label: `${server.url}/predict`, icon: new ThemeIcon('link'), words: l10n.t('endpoint') };
    case 'servedModel':
      return { label: node.served, icon: new ThemeIcon('package'), words: l10n.t('model') };
    case 'batching': {
      const { batching } = server;
      if (!batching) return undefined;
      const { policy, maxBatchSize, requestTimeout } = batching;
      const wait = requestTimeout === null ? '' : l10n.t(', waits up to {0} ms', requestTimeout);
      return {
        label: l10n.t('Batching'),
        description: l10n.t('{0}, up to {1} requests{2}', policy, maxBatchSize, wait),
        icon: new ThemeIcon('layers'),
        words: '',
      };
    }
    case 'mount': {
      const { resource, path } = mountOf(node.mount);
      return { label: `/mounts/${path}`, description: resource, icon: new ThemeIcon('file-symlink-directory'), words: l10n.t('mount') };
    }
    case 'scaling': {
      const { scaling, pods } = server;
      if (!scaling) return undefined;
      const { minPods, maxPods } = scaling;
      const bounds =
        pods.total === 1 ? l10n.t('1 pod, {0}–{1}', minPods, maxPods) : l10n.t('{0} pods, {1}–{2}', pods.total, minPods, maxPods);
      const targets = scaling.targets.map((each) => targetWords(code, each));
      const why = scaling.last ? [scaling.last.message] : [];
      return {
        label: l10n.t('Scaling'),
        description: [[bounds, ...targets].join(', '), ...why].join(' · '),
        icon: new ThemeIcon('graph-line'),
        words: '',
      };
    }
    case 'revisions':
      return {
        label: l10n.t('Revisions'),
        description: l10n.t('revision {0} answers', server.revision),
        icon: new ThemeIcon('history'),
        words: '',
      };
    case 'pod': {
      const pod = server.podList.find(({ id }) => id === node.pod);
      if (!pod) return undefined;
      const restarts = pod.restarts === 0 ? [] : [pod.restarts === 1 ? l10n.t('1 restart') : l10n.t('{0} restarts', pod.restarts)];
      const state = stateWords(code, pod.state);
      const description = [state, l10n.t('revision {0}', pod.revision), ...restarts, ...(pod.reason === null ? [] : [pod.reason])];
      return {
        label: pod.id,
        description: description.join(' · '),
        icon: podIcon(code, pod.state),
        words: l10n.t('pod'),
        contextValue: `pod.${pod.state}`,
      };
    }
    case 'worker': {
      const worker = server.podList.find(({ id }) => id === node.pod)?.workers[node.worker];
      if (!worker) return undefined;
      const description = l10n.t('process {0}', worker.pid);
      return { label: l10n.t('Worker {0}', node.worker), description, icon: new ThemeIcon('server-process'), words: '' };
    }
    default:
      return node satisfies never;
  }
}
