import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDefaults } from '../../api/settings.ts';
import type { GatewayObservation, Launch } from '../../serving/admin.ts';
import type { DesiredModelServer, RevisionSpec } from '../platform.ts';
import { DesiredServers, type RevisionInTheMaking } from './desired-servers.ts';
import { observe } from './observe.ts';

const key = { owner: 'local', name: 'a' };
const launch = (revision: number): Launch => ({
  command: [`python${revision}`],
  env: {},
  cwd: '/',
  start: { paths: 'namespace' } as Launch['start'],
});

function spec(code: string): RevisionSpec {
  return { settings: withDefaults({ 'drain-timeout': 7 }), models: [], code: { entrypoint: 'p.py', manifest: `sha256:${code}` } };
}

function desired(serving: number | null, revisions: number[], stopped = false): DesiredModelServer {
  return { ...key, serving, stopped, revisions: revisions.map((revision) => ({ revision, pods: 1, spec: spec(`code${revision}`) })) };
}

/** A gateway that shows one pod for each of some revisions. */
function seen(...revisions: number[]): GatewayObservation {
  const pod = { id: 'p', state: 'ready' as const, reason: null, createdAt: 't', readyAt: 't', restarts: 0, workers: [] };
  const observed = revisions.map((revision) => ({ revision, failure: null, pods: [pod] }));
  const front = { certificate: null, accessLog: null, notices: [] };
  return {
    url: 'http://x',
    pid: 1,
    front,
    limits: null,
    gpus: 0,
    servers: [{ ...key, serving: revisions[0] ?? null, incidents: [], revisions: observed }],
  };
}

/** Servers whose preparations do nothing until the test says so. */
function make(): {
  servers: DesiredServers;
  begun: Map<number, { -readonly [K in keyof RevisionInTheMaking]: RevisionInTheMaking[K] }>;
  cancelled: number[];
} {
  const begun = new Map();
  const cancelled: number[] = [];
  const servers = new DesiredServers((_, { revision }) => {
    const made = { preparing: 'it', failure: null, result: undefined, takenOver: false, cancel: () => cancelled.push(revision) };
    begun.set(revision, made);
    return made;
  });
  return { servers, begun, cancelled };
}

const told = (servers: DesiredServers, gateway: GatewayObservation): unknown => {
  const server = servers.gatewayServer(key, gateway);
  return typeof server === 'object' ? server.revisions.map(({ revision }) => revision) : server;
};

test('the gateway is told of a new model server before anything of it is prepared, and of each revision when it is', () => {
  const { servers, begun } = make();
  servers.apply(desired(1, [1]));
  assert.deepEqual(told(servers, seen()), []);
  Object.assign(begun.get(1) ?? {}, { preparing: null, result: launch(1) });
  servers.apply(desired(1, [1, 2]));
  assert.deepEqual(told(servers, seen()), [1]);
});

test('nothing is told while a revision that has pods is still being prepared: they would end', () => {
  const { servers, begun } = make();
  servers.apply(desired(1, [1]));
  assert.equal(told(servers, seen(1)), 'wait');
  Object.assign(begun.get(1) ?? {}, { preparing: null, result: launch(1) });
  assert.deepEqual(told(servers, seen(1)), [1]);
});

test('what is not wanted any more is given up, also what a stopped model server had', () => {
  const { servers, cancelled } = make();
  servers.apply(desired(1, [1, 2]));
  servers.apply(desired(1, [1]));
  assert.deepEqual(cancelled, [2]);
  servers.apply(desired(null, [], true));
  assert.deepEqual(cancelled, [2, 1]);
  assert.deepEqual(told(servers, seen(1)), []);
  servers.remove(key);
  assert.equal(servers.gatewayServer(key, seen()), undefined);
});

test('folders stay in use while a pod drains; pods nobody knows of keep everything', () => {
  const { servers } = make();
  servers.apply(desired(1, [1]));
  servers.apply(desired(2, [2]));
  assert.deepEqual([...(servers.foldersInUse(seen(1, 2))?.code ?? [])], ['code1', 'code2']);
  assert.equal(servers.foldersInUse(seen(1, 2, 3)), undefined);
  assert.deepEqual([...(servers.foldersInUse(seen(2))?.code ?? [])], ['code2']);
  assert.equal(servers.longestDrainMs, 7000);
});

test('what is seen joins the pods of the gateway with what is being prepared here', () => {
  const { servers, begun } = make();
  servers.apply(desired(1, [1, 2]));
  Object.assign(begun.get(1) ?? {}, { preparing: null, result: launch(1) });
  const observed = observe({ ...seen(1, 3), version: '1.0.0' }, servers.servers, () => undefined, '/own.pem', 0);
  assert.deepEqual(
    observed.servers[0]?.revisions.map(({ revision, preparing, pods, python }) => [revision, preparing, pods.length, python]),
    [
      [1, null, 1, 'python1'],
      [2, 'it', 0, null],
      [3, null, 1, null],
    ],
  );
  const without = observe(null, servers.servers, () => undefined, '/own.pem', 0);
  assert.deepEqual(
    [without.endpoint, without.servers[0]?.serving, without.servers[0]?.revisions.map(({ pods }) => pods.length)],
    [null, null, [0, 0]],
  );
});
