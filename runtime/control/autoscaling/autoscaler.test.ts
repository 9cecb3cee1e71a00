import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { SpellEvent } from '../../api/events.ts';
import type { ModelServer, Operation } from '../../api/objects.ts';
import type { ObservedTraffic } from '../../api/traffic.ts';
import { FakePlatform, seenRevision } from '../testing/fake-platform.ts';
import { makeTestControl, type TestControl } from '../testing/test-control.ts';
import { lookEveryMs } from './autoscaler.ts';

const path = '/model-servers/local/digits';
const start = new Date('2026-01-01T00:01:00Z').getTime();

interface Scaled {
  control: TestControl;
  platform: FakePlatform;
  /** Lets requests come for so many looks of the autoscaler, each followed by whatever the platform was told. */
  look(requestsPerSecond: number, looks?: number): Promise<void>;
  /** The same for the processor time of each pod, as a fraction of one CPU. */
  busy(perPod: number, looks?: number): Promise<void>;
  describe(): Promise<ModelServer>;
  scalings(): Promise<string[]>;
}

/** A running model server, and a clock that a test moves: no time passes by itself. */
async function scaled(t: TestContext, settings: Record<string, unknown>): Promise<Scaled> {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let now = start;
  const platform = new FakePlatform();
  const control = await makeTestControl(t, { platform, now: () => new Date(now) });
  const code = await control.code({ 'predictor.py': 'one' });
  const answer = await control.call<Operation>('POST', '/model-servers', { name: 'digits', settings, code });
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  await control.settle();
  platform.obey();
  await control.settle();
  let arrived = 0;
  const used = new Map<string, number>();
  const tick = async (before: () => void): Promise<void> => {
    now += lookEveryMs;
    before();
    t.mock.timers.tick(lookEveryMs);
    await control.settle();
    platform.obey();
    await control.settle();
  };
  const pods = (): string[] =>
    platform.observation.servers.flatMap(({ revisions }) => revisions.flatMap((each) => each.pods.map(({ id }) => id)));
  return {
    control,
    platform,
    look: async (requestsPerSecond, looks = 1) => {
      for (let each = 0; each < looks; each++) {
        await tick(() => {
          arrived += (requestsPerSecond * lookEveryMs) / 1000;
          platform.seenTraffic = trafficOf(arrived);
        });
      }
    },
    busy: async (perPod, looks = 1) => {
      for (let each = 0; each < looks; each++) {
        await tick(() => {
          for (const pod of pods()) used.set(pod, (used.get(pod) ?? 0) + (perPod * lookEveryMs) / 1000);
          platform.seenUsage = pods().map((pod) => ({ pod, cpuSeconds: used.get(pod) ?? 0, memoryBytes: 1 }));
        });
      }
    },
    describe: async () => (await control.call<ModelServer>('GET', path)).body,
    scalings: async () => {
      const events = control.store.events.after(0, 1000) as SpellEvent[];
      return events.flatMap(({ type, message }) => (type === 'server.scaled' ? [message] : []));
    },
  };
}

function trafficOf(requests: number): ObservedTraffic {
  const none = { count: 0, sumMs: 0, buckets: [] };
  return {
    queueDepth: 0,
    inFlight: 0,
    pods: [
      {
        pod: null,
        answers: [{ status: 200, cause: 'answered', count: requests }],
        stages: { total: none, queue: none, prepare: none, predict: none, reply: none },
      },
    ],
    batches: { count: 0, requests: 0, sizes: [], reasons: { full: 0, 'worker-free': 0, timeout: 0, drain: 0 } },
  };
}

function podsTold({ platform }: Scaled): number | undefined {
  return platform.told.get('local/digits')?.revisions.at(-1)?.pods;
}

test('more requests than the target make pods, fewer take them away, and an event says why', async (t) => {
  const server = await scaled(t, { 'target-requests-per-second': 50 });
  await server.look(20, 4);
  assert.equal(podsTold(server), 1);
  await server.look(200, 3);
  assert.equal(podsTold(server), 4);
  const { pods, scaling } = await server.describe();
  assert.deepEqual(pods, { ready: 4, total: 4 });
  const { last, ...now } = scaling ?? {};
  assert.equal(last?.message, (await server.scalings()).at(-1), 'describe says why it moved last');
  assert.deepEqual(now, {
    minPods: 1,
    maxPods: 5,
    targets: [{ setting: 'target-requests-per-second', target: 50, current: 50 }],
    notice: null,
  });
  await server.look(20, 8);
  assert.equal(podsTold(server), 1);
  const [first, ...others] = await server.scalings();
  assert.match(first ?? '', /^1 → \d pods: \d+ requests\/s per pod, target 50$/);
  assert.match(others.at(-1) ?? '', / → 1 pod: [\d.]+ requests\/s per pod, target 50 \(the least allowed\)$/);
});

test('the number stays when the control plane starts again, and a fresh one takes no pod away at once', async (t) => {
  const server = await scaled(t, { 'target-requests-per-second': 50 });
  await server.look(150, 4);
  assert.equal(podsTold(server), 3);
  const again = await makeTestControl(t, { home: server.control.home, platform: server.platform, now: () => new Date(start) });
  assert.equal(podsTold(server), 3);
  assert.deepEqual((await again.call<ModelServer>('GET', path)).body.pods.total, 3);
});

test('without a target, or without room, nothing moves; a target without room is told', async (t) => {
  const still = await scaled(t, {});
  await still.look(1000, 5);
  assert.equal(podsTold(still), 1);
  assert.equal((await still.describe()).scaling, null);
  await still.control.call('PATCH', path, { settings: { 'max-pods': 1, 'target-requests-per-second': 1 } });
  await still.control.settle();
  await still.look(1000, 5);
  assert.equal(podsTold(still), 1);
  assert.equal((await still.describe()).scaling?.notice, 'its scaling target has no effect: min-pods and max-pods are both 1');
});

test('a busy processor makes pods, which count as idle until they were measured', async (t) => {
  const server = await scaled(t, { 'target-cpu-utilization': 0.5, 'cpu-request': 1 });
  await server.busy(0.9, 3);
  assert.equal(podsTold(server), 2);
  assert.match((await server.scalings())[0] ?? '', /^1 → 2 pods: 0\.9 of the requested CPU per pod, target 0\.5$/);
});

test('an update keeps the number within its new bounds, and a stop forgets it', async (t) => {
  const server = await scaled(t, { 'target-requests-per-second': 50 });
  await server.look(200, 3);
  await server.control.call('PATCH', path, { settings: { 'max-pods': 2 } });
  await server.control.settle();
  server.platform.obey();
  await server.control.settle();
  assert.equal(podsTold(server), 2);
  await server.control.call('POST', `${path}/stop`);
  server.platform.show({ servers: [] });
  await server.control.settle();
  await server.control.call('POST', `${path}/start`);
  await server.control.settle();
  assert.equal(podsTold(server), 1);
});

test('in a rollout both revisions have the pods that the requests need, and the new one answers once it has them', async (t) => {
  const server = await scaled(t, { 'target-requests-per-second': 50 });
  await server.look(200, 3);
  await server.control.call('PATCH', path, { settings: { description: 'new' } });
  await server.control.settle();
  assert.deepEqual(
    server.platform.told.get('local/digits')?.revisions.map(({ revision, pods }) => [revision, pods]),
    [
      [1, 4],
      [2, 4],
    ],
  );
  const states = ['ready', 'ready', 'ready', 'starting'] as const;
  server.platform.showServer({
    owner: 'local',
    name: 'digits',
    serving: 1,
    revisions: [seenRevision(1, Array(4).fill('ready')), seenRevision(2, [...states])],
  });
  await server.control.settle();
  assert.equal((await server.describe()).rollout?.stage, '3 of 4 pods ready');
  assert.equal(server.platform.told.get('local/digits')?.serving, 1);
});

test('fewer than the smallest number is refused, and a smallest number above the default largest one raises that', async (t) => {
  const server = await scaled(t, { 'min-pods': 8 });
  assert.equal((await server.describe()).spec['max-pods'], 8);
  const refused = await server.control.call<{ error: { code: string; message: string } }>('PATCH', path, { settings: { 'max-pods': 2 } });
  assert.deepEqual(
    [refused.status, refused.body.error.code, refused.body.error.message],
    [400, 'bad-setting', 'max-pods is 2, less than min-pods, which is 8'],
  );
});
