import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as vscode from 'vscode';
import { SpellError } from '../../runtime/api/errors.ts';
import type { EventType, SpellEvent } from '../../runtime/api/events.ts';
import type { Client } from '../../runtime/api/http/client-types.ts';
import {
  type Environment,
  type MetricsPoint,
  type ModelServer,
  type ModelServerState,
  type ModelVersion,
  modelServerStates,
  type Resource,
  type Revision,
  type Run,
  runStates,
} from '../../runtime/api/objects.ts';
import type { Context, Contribution } from '../context.ts';
import type { ControlPlaneState } from '../control-plane/control-plane.ts';
import { Emitter } from '../emitter.ts';
import { Inventory } from '../inventory/inventory.ts';
import { type FakeTreeView, fakeEditor } from '../testing.ts';
import { modelServersView } from './model-servers.ts';
import { modelsView } from './models.ts';
import { resourcesView } from './resources.ts';
import type { TreeNode } from './tree-source.ts';

const createdAt = '2026-01-01T00:00:00Z';

function server(name: string, state: ModelServerState, more: Partial<ModelServer> = {}): ModelServer {
  const podList =
    state === 'running'
      ? [
          {
            id: `${name}-1-a`,
            revision: 1,
            state: 'ready' as const,
            reason: null,
            createdAt,
            readyAt: createdAt,
            restarts: 0,
            workers: [{ pid: 7 }],
          },
        ]
      : [];
  const all = {
    name,
    owner: 'local',
    state,
    url: `http://127.0.0.1:1/local/${name}`,
    pods: { ready: podList.length, total: 1 },
    revision: 1,
    models: ['cifar:v1'],
    createdAt,
  };
  const rest = {
    curl: 'curl',
    reason: null,
    failure: null,
    rollout: null,
    spec: {},
    batching: null,
    paths: null,
    python: null,
    servedFrom: null,
    creator: 'ada',
    podList,
  };
  return { ...all, ...rest, ...more } as ModelServer;
}

/** A tree over a control plane whose answers the test holds. */
function open(view: Contribution, id: string, answers: Partial<Record<string, (input: never) => unknown>>) {
  const { code, trees, keys } = fakeEditor();
  const changed = new Emitter<ControlPlaneState>();
  const told = new Emitter<SpellEvent>();
  const asked: string[] = [];
  const client = Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [
      name,
      async (input: never) => {
        asked.push(name);
        return answer?.(input);
      },
    ]),
  ) as unknown as Client;
  let connects = 0;
  const controlPlane = {
    state: { kind: 'absent' } as ControlPlaneState,
    onDidChange: changed.event,
    onEvent: told.event,
    connect: async () => void connects++,
  };
  const inventory = new Inventory(client, controlPlane);
  view.register({ code, controlPlane, inventory, client } as unknown as Context);
  const tree = trees.get(id) as FakeTreeView;
  const become = (state: ControlPlaneState): void => {
    controlPlane.state = state;
    changed.fire(state);
  };
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const children = async (node?: TreeNode): Promise<TreeNode[]> => (await tree.provider.getChildren(node)) as TreeNode[];
  const item = (node: TreeNode): vscode.TreeItem => tree.provider.getTreeItem(node) as vscode.TreeItem;
  return { tree, keys, asked, become, settled, children, item, inventory, tell: told.fire.bind(told), connects: () => connects };
}

const ready = { kind: 'ready', status: {} } as ControlPlaneState;

test('nothing is asked before somebody looks; looking starts a control plane; it is read once it is ready', async () => {
  const { tree, asked, become, settled, connects, keys } = open(modelServersView, 'spell.modelServers', { listModelServers: () => [] });
  await settled();
  assert.deepEqual([asked, connects()], [[], 0]);
  tree.show();
  assert.equal(connects(), 1);
  become(ready);
  await settled();
  assert.deepEqual([asked, keys.get('spell.modelServers.state')], [['listModelServers'], 'empty']);
});

test('one that was taken down is not started by looking', async () => {
  const { tree, become, connects } = open(modelServersView, 'spell.modelServers', {});
  become({ kind: 'stopped' });
  tree.show();
  assert.equal(connects(), 0);
});

test('each state has an icon, words and a context value of its own; who is not well is counted', async () => {
  const servers = modelServerStates.map((state) => server(state, state));
  const { tree, become, settled, children, item } = open(modelServersView, 'spell.modelServers', {
    listModelServers: () => servers,
    describeModelServer: ({ name }: { name: string }) => servers.find((each) => each.name === name),
  });
  tree.show();
  become(ready);
  await settled();
  for (const node of await children()) {
    const { id, label, contextValue, description, iconPath, accessibilityInformation } = item(node);
    assert.equal(id, `modelServer:local/${label}`);
    assert.equal(contextValue, `modelServer.${label}`);
    assert.match(String(description), new RegExp(`^${label}`));
    assert.ok(iconPath, String(label));
    assert.match(accessibilityInformation?.label ?? '', new RegExp(`${label}, model server, ${label}`));
  }
  assert.equal(tree.badge?.value, 2);
});

test('a first revision without room looks like what it is, also in a window that comes later: its state has no word for that', async () => {
  const why = 'each pod needs 900 GiB of memory (ram-request), and this machine has 8 GiB of memory';
  const pod = {
    id: 'a-1-waiting-1',
    revision: 1,
    state: 'unschedulable' as const,
    reason: why,
    createdAt,
    readyAt: null,
    restarts: 0,
    workers: [],
  };
  const waits = server('a', 'created', { reason: `1 pod is unschedulable: ${why}`, podList: [pod] });
  const { podList: _, ...listed } = waits;
  const { tree, become, settled, children, item } = open(modelServersView, 'spell.modelServers', {
    listModelServers: () => [listed],
    describeModelServer: () => waits,
  });
  tree.show();
  become(ready);
  await settled();
  const [node] = await children();
  assert.ok(node);
  const { iconPath, description, accessibilityInformation, contextValue } = item(node);
  const icon = iconPath as vscode.ThemeIcon;
  assert.deepEqual([icon.id, icon.color?.id], ['warning', 'list.warningForeground']);
  assert.equal(description, `unschedulable · ${why}`);
  assert.equal(accessibilityInformation?.label, `a, model server, unschedulable, ${why}`);
  assert.equal(contextValue, 'modelServer.created', 'what can be done with it is the same');
  assert.equal(tree.badge?.value, 1);
  const { tooltip } = (await tree.provider.resolveTreeItem?.(item(node), node, {} as vscode.CancellationToken)) ?? {};
  assert.match(
    (tooltip as vscode.MarkdownString).value,
    /\*\*a\*\* — unschedulable\n+1 pod is unschedulable: each pod needs 900 .*\n+It starts by itself once there is room: /,
  );
});

test('what is spoken of a server says its pods once, in words', async () => {
  const { tree, become, settled, children, item } = open(modelServersView, 'spell.modelServers', {
    listModelServers: () => [server('a', 'running')],
  });
  tree.show();
  become(ready);
  await settled();
  const [node] = await children();
  assert.ok(node);
  assert.equal(item(node).description, 'running · 1/1 pods');
  assert.equal(item(node).accessibilityInformation?.label, 'a, model server, running, 1 of 1 pod ready');
});

test('pointing at a server asks once what it did in the last minute, and the next time after ten seconds again', async ({ mock }) => {
  const { tree, become, settled, children, item, asked } = open(modelServersView, 'spell.modelServers', {
    listModelServers: () => [server('a', 'running')],
    describeModelServer: () => server('a', 'running'),
    metricsHistory: (): Partial<MetricsPoint>[] => [
      {
        requestsPerSecond: 12.44,
        failed: 2,
        failures: { deadline: 2 },
        p50Ms: 3.14,
        p99Ms: 120,
        cpu: 0.424,
        memoryBytes: 1024,
        queueDepth: 0,
        inFlight: 1,
      },
    ],
  });
  tree.show();
  become(ready);
  await settled();
  const [node] = await children();
  assert.ok(node);
  mock.timers.enable({ apis: ['setTimeout'] });
  const { tooltip } = (await tree.provider.resolveTreeItem?.(item(node), node, {} as vscode.CancellationToken)) ?? {};
  const text = (tooltip as vscode.MarkdownString).value;
  assert.match(text, /last minute: 12\.4 requests\/s, 2 \(deadline 2\) failed\n/);
  assert.match(text, /within 3\.1 ms, 99 % within 120 ms\n+0\.42 CPUs, memory 1\.0 KiB\n+0 waiting, 1 not answered yet/);
  tree.drawn.length = 0;
  mock.timers.tick(10_000);
  assert.deepEqual(tree.drawn, [node], 'the editor forgets its tooltip');
  mock.timers.tick(60_000);
  assert.deepEqual(asked.filter((each) => each === 'metricsHistory').length, 1, 'nobody asks by himself');
});

test('what is wrong stands first below a server, then its rollout, address, models, pods and their workers', async () => {
  const failure = { code: 'c', message: 'm', hint: 'h', file: 'p.py', line: 6, class: null };
  const rollout = {
    state: 'progressing' as const,
    revision: 2,
    reason: null,
    stage: '0 of 1 pod ready',
    failure: null,
    log: [],
    servedFrom: null,
  };
  const broken = server('broken', 'running', { reason: 'KeyError', failure, rollout });
  const { tree, become, settled, children, item } = open(modelServersView, 'spell.modelServers', {
    listModelServers: () => [broken],
    describeModelServer: () => broken,
  });
  tree.show();
  become(ready);
  await settled();
  const [root] = await children();
  const parts = await children(root);
  assert.deepEqual(
    parts.map((part) => [item(part).contextValue, item(part).label, item(part).description]),
    [
      ['problem', 'KeyError', 'p.py:6'],
      ['rollout.progressing', 'Revision 2', 'rolling out · 0 of 1 pod ready'],
      ['endpoint', 'http://127.0.0.1:1/local/broken/predict', undefined],
      ['servedModel', 'cifar:v1', undefined],
      ['revisions', 'Revisions', 'revision 1 answers'],
      ['pod.ready', 'broken-1-a', 'ready · revision 1'],
    ],
  );
  assert.deepEqual(
    (await children(parts.at(-1))).map((worker) => item(worker).description),
    ['process 7'],
  );
});

test('mounts, scaling and why it moved last stand below a server; its revisions are read when they are opened', async () => {
  const target = { setting: 'target-requests-per-second' as const, target: 50, current: 12 };
  const last = { time: createdAt, message: '1 → 2 pods: 80 requests/s per pod, target 50' };
  const moving = server('moving', 'running', {
    pods: { ready: 2, total: 2 },
    spec: { mounts: ['uploads/config:settings', 'runs/3'] },
    scaling: { minPods: 1, maxPods: 5, targets: [target], notice: null, last },
  });
  const made = { createdAt, creator: 'ada' };
  const revisions: Revision[] = [
    { revision: 3, state: 'failed', changes: ['code: predictor.py'], reason: 'no module named "numpie"', ...made },
    { revision: 2, state: 'active', changes: ['min-pods: 1 → 2', 'code: 3 files'], reason: null, ...made },
    { revision: 1, state: 'retired', changes: [], reason: null, ...made },
  ];
  const { tree, become, settled, children, item, asked } = open(modelServersView, 'spell.modelServers', {
    listModelServers: () => [moving],
    describeModelServer: () => moving,
    listRevisions: () => revisions,
  });
  tree.show();
  become(ready);
  await settled();
  const [root] = await children();
  const parts = await children(root);
  assert.deepEqual(
    parts.slice(2, -1).map((part) => [item(part).contextValue, item(part).label, item(part).description]),
    [
      ['mount', '/mounts/settings', 'uploads/config'],
      ['mount', '/mounts/3', 'runs/3'],
      ['scaling', 'Scaling', `2 pods, 1–5, target 50 requests/s per pod · ${last.message}`],
      ['revisions', 'Revisions', 'revision 1 answers'],
    ],
  );
  assert.equal(asked.includes('listRevisions'), false);
  const shown = await children(parts.at(-2));
  const when = new Date(createdAt).toLocaleString();
  assert.deepEqual(
    shown.map((each) => [each.id, item(each).contextValue, item(each).label, item(each).description]),
    [
      ['modelServer:local/moving/revisions/3', 'revision.failed', 'Revision 3', `failed · ${when} · code: predictor.py`],
      ['modelServer:local/moving/revisions/2', 'revision.active', 'Revision 2', `answers · ${when} · min-pods: 1 → 2 · code: 3 files`],
      ['modelServer:local/moving/revisions/1', 'revision.retired', 'Revision 1', `retired · ${when}`],
    ],
  );
  const [failed] = shown as [(typeof shown)[0]];
  const { tooltip } = (await tree.provider.resolveTreeItem?.(item(failed), failed, {} as vscode.CancellationToken)) ?? {};
  assert.match((tooltip as vscode.MarkdownString).value, /no module named "numpie"/);
});

test('a pod that waits for room says what it lacks, and has nothing below it', async () => {
  const reason = 'each pod needs 2 CPUs (cpu-request), and of 2 CPUs that this machine has 0 CPUs are free';
  const { podList } = server('waits', 'running');
  const waits = server('waits', 'created', {
    podList: podList.map((pod) => ({ ...pod, id: 'waits-1-waiting-1', state: 'unschedulable', reason, readyAt: null, workers: [] })),
  });
  const { tree, become, settled, children, item } = open(modelServersView, 'spell.modelServers', {
    listModelServers: () => [waits],
    describeModelServer: () => waits,
  });
  tree.show();
  become(ready);
  await settled();
  const [root] = await children();
  const [node] = (await children(root)).slice(-1) as [TreeNode];
  const pod = item(node);
  assert.deepEqual(
    [pod.contextValue, pod.label, pod.description, pod.collapsibleState],
    ['pod.unschedulable', 'waits-1-waiting-1', `unschedulable · revision 1 · ${reason}`, 0],
  );
});

test('an event draws the one server again that it is about, by one question; of 200, the others are left alone', async () => {
  const servers = Array.from({ length: 200 }, (_, at) => server(`s${at}`, 'running'));
  const { tree, become, settled, children, tell, asked, inventory } = open(modelServersView, 'spell.modelServers', {
    listModelServers: () => servers,
    describeModelServer: ({ name }: { name: string }) => server(name, 'failing'),
  });
  tree.show();
  become(ready);
  await settled();
  const roots = await children();
  tree.drawn.length = 0;
  asked.length = 0;
  const changed = new Promise((resolve) => inventory.modelServers.onDidChange(resolve));
  const event = { time: createdAt, object: 'local/s7', message: '' };
  tell({ ...event, seq: 1, type: 'pod.unhealthy' });
  tell({ ...event, seq: 2, type: 'pod.restarting' });
  await changed;
  assert.deepEqual(asked, ['describeModelServer']);
  assert.deepEqual(tree.drawn, [roots.find(({ id }) => id === 'modelServer:local/s7')]);
  assert.equal(tree.badge?.value, 1);
});

test('a list that cannot be read says why in the view; a control plane that is away says that servers go on', async () => {
  const { tree, become, settled, keys, children, item } = open(modelServersView, 'spell.modelServers', {
    listModelServers: () => {
      throw new SpellError('internal', 'the store is locked', 'try again');
    },
  });
  tree.show();
  become(ready);
  await settled();
  assert.equal(keys.get('spell.modelServers.state'), 'failed');
  const shown = async (): Promise<unknown[]> => (await children()).map((node) => [item(node).label, item(node).command?.command]);
  assert.deepEqual(await shown(), [
    ['the store is locked', undefined],
    ['try again', undefined],
    ['Retry', 'spell.modelServers.refresh'],
    ['Show log', 'spell.controlPlane.showLog'],
  ]);
  become({ kind: 'lost' });
  assert.match(tree.message ?? '', /waited for/);
  become({ kind: 'failed', error: new SpellError('start-failed', 'no Node') });
  assert.equal(tree.message, '');
  assert.deepEqual((await shown())[1], ['Retry', 'spell.controlPlane.start']);
});

test('5,000 versions of a model are asked for once, when it is opened, and its files are there without another question', async () => {
  const versions = Array.from({ length: 5000 }, (_, at): ModelVersion => {
    const file = { source: 'a/b.txt', path: 'a/b.txt', size: 3, digest: 'sha256:0' };
    return {
      model: 'cifar',
      version: 5000 - at,
      custom: null,
      resource: 'uploads/x',
      run: null,
      description: null,
      files: [file],
      createdAt,
      creator: 'ada',
    };
  });
  const summary = { name: 'cifar', latestVersion: { number: 5000, custom: null }, createdAt, creator: 'ada' };
  const { tree, become, settled, children, item, asked } = open(modelsView, 'spell.models', {
    listModels: () => [summary],
    describeModel: () => versions,
  });
  tree.show();
  become(ready);
  await settled();
  const [model] = await children();
  const shown = await children(model);
  assert.deepEqual([shown.length, item(shown[0] as TreeNode).label], [5000, 'v5000']);
  const [folder] = await children(shown[0]);
  assert.deepEqual(
    (await children(folder)).map((file) => item(file).label),
    ['b.txt'],
  );
  assert.deepEqual(asked, ['listModels', 'describeModel']);
});

test('uploads come first, then runs by their numbers; a run says its name and how it ended, and its tooltip what was run', async () => {
  const shared = { size: 7, files: 1, createdAt, creator: 'ada' };
  const times = { startedAt: '2026-01-01T00:00:00Z', endedAt: '2026-01-01T00:00:12Z' };
  const ran = { name: null, command: ['python', 'train it.py'], folder: '/cifar', exitStatus: 0, signal: null, git: null, ...times };
  const runs = runStates.map((state, index): Resource => {
    const run: Run = { ...ran, state, ...(state === 'failed' ? { exitStatus: 3 } : {}) };
    return { ...shared, path: `runs/${10 - index}`, run };
  });
  const first: Resource = {
    ...shared,
    path: 'runs/2',
    files: 0,
    size: 0,
    run: { ...ran, name: 'cifar', state: 'complete', git: { commit: 'a'.repeat(40), dirty: true } },
  };
  const listResources = (): Resource[] => [...runs, first, { ...shared, path: 'uploads/x' }];
  const { tree, become, settled, children, item } = open(resourcesView, 'spell.resources', { listResources, listEnvironments: () => [] });
  tree.show();
  become(ready);
  await settled();
  const nodes = await children();
  assert.deepEqual(
    nodes.map((node) => {
      const { label, contextValue, description } = item(node);
      return `${label} ${contextValue}: ${description}`;
    }),
    [
      'uploads/x resource: 1 file, 7 B',
      'runs/2 run.empty: cifar · complete · no files',
      'runs/8 run: interrupted · 1 file, 7 B',
      'runs/9 run: failed (3) · 1 file, 7 B',
      'runs/10 run: complete · 1 file, 7 B',
    ],
  );
  const node = nodes[1];
  assert.ok(node);
  const { tooltip } = (await tree.provider.resolveTreeItem?.(item(node), node, {} as vscode.CancellationToken)) ?? {};
  const text = (tooltip as vscode.MarkdownString).value;
  assert.match(
    text,
    /python 'train it\.py'\n(.|\n)*complete after 12 s(.|\n)*run by ada in \/cifar(.|\n)*commit aaaaaaaaaaaa with uncommitted changes/,
  );
});

test('environments stand below one node, what is being made and what failed first; each event asks for all of them once', async () => {
  const made = {
    kind: 'pip' as const,
    interpreter: '/e/bin/python',
    version: '3.11.7',
    file: null,
    tool: 'pip',
    createdAt,
    lastUsedAt: createdAt,
  };
  const none = { stage: null, failure: null, inUse: false };
  const use = { server: 'local/digits', revision: 3, state: 'active' as const, inUse: true };
  const environments: Environment[] = [];
  const { tree, become, settled, children, item, asked, tell, inventory, keys } = open(resourcesView, 'spell.resources', {
    listResources: () => [],
    listEnvironments: () => [...environments],
  });
  tree.show();
  become(ready);
  await settled();
  assert.deepEqual([await children(), keys.get('spell.resources.state')], [[], 'empty']);
  const told = async (...types: EventType[]): Promise<void> => {
    const changed = new Promise((resolve) => inventory.environments.onDidChange(resolve));
    for (const [at, type] of types.entries()) tell({ seq: at, time: createdAt, type, object: 'local/digits', message: '' });
    await changed;
  };
  environments.push(
    {
      ...none,
      ...made,
      id: 'aaa',
      state: 'ready',
      packages: ['numpy', 'scipy'],
      size: 2048,
      inUse: true,
      usedBy: [use, { ...use, revision: 2, inUse: false }],
    },
    {
      ...none,
      ...made,
      id: 'bbb',
      state: 'failed',
      packages: ['numpie'],
      size: 0,
      usedBy: [],
      failure: { message: 'pip could not install numpie', hint: null, log: ['ERROR: No matching distribution'] },
    },
    { ...none, ...made, id: 'ccc', state: 'making', packages: ['torch'], size: 0, stage: 'Collecting torch', inUse: true, usedBy: [use] },
  );
  asked.length = 0;
  await told('environment.progress', 'environment.progress', 'rollout.started');
  assert.deepEqual(asked, ['listEnvironments']);
  const [group] = await children();
  assert.ok(group);
  assert.deepEqual(
    [item(group).label, item(group).contextValue, item(group).description],
    ['Environments', 'environments', '3 · 2.0 KiB · 1 being made · 1 failed'],
  );
  const below = await children(group);
  assert.deepEqual(
    below.map((node) => [item(node).label, item(node).contextValue, item(node).description]),
    [
      ['torch', 'environment.making', 'being made · Collecting torch · digits (revision 3)'],
      ['numpie', 'environment.failed', 'failed · pip could not install numpie'],
      ['numpy, scipy', 'environment.ready', 'in use · Python 3.11.7 by pip, 2.0 KiB · digits (revision 3), 1 former revision'],
    ],
  );
  const [, failed] = below as [TreeNode, TreeNode];
  const { tooltip } = (await tree.provider.resolveTreeItem?.(item(failed), failed, {} as vscode.CancellationToken)) ?? {};
  assert.match((tooltip as vscode.MarkdownString).value, /used by nobody(.|\n)*ERROR: No matching distribution/);
  tree.drawn.length = 0;
  environments.pop();
  await told('environment.failed');
  assert.deepEqual(tree.drawn, [group], 'nothing else is drawn again');
  environments.length = 0;
  await told('environment.removed');
  assert.deepEqual(await children(), []);
});
