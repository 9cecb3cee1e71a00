import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ErrorBody } from '../../api/errors.ts';
import type { ModelServer, Pod } from '../../api/objects.ts';
import type { Settings } from '../../api/settings.ts';
import type { Observation } from '../../platform/platform.ts';
import { FakePlatform } from '../testing/fake-platform.ts';
import { makeTestControl, type TestControl } from '../testing/test-control.ts';
import { Scheduler } from './scheduler.ts';

const machine = { cpus: 2, memoryBytes: 2 ** 33, gpus: 0 };

async function makeMachine(t: TestContext): Promise<TestControl> {
  const platform = new FakePlatform();
  platform.observation = { ...platform.observation, machine };
  return makeTestControl(t, { platform });
}

async function serve(control: TestControl, name: string, settings: Settings): Promise<void> {
  const answer = await control.call('POST', '/model-servers', { name, settings, code: await control.code({ 'p.py': name }) });
  assert.equal(answer.status, 202);
  await control.settle();
  control.platform.obey();
  await control.settle();
}

/** Until the old revision's pods are gone, and the new one's have come and answer. */
async function recreate(control: TestControl): Promise<void> {
  for (let looks = 0; looks < 4; looks++) {
    await control.settle();
    control.platform.obey();
  }
  await control.settle();
}

/** How many pods the platform is to have of each revision. */
const told = ({ platform }: TestControl, name: string): number[] | undefined =>
  platform.told.get(`local/${name}`)?.revisions.map(({ pods }) => pods);

const describe = async (control: TestControl, name: string): Promise<ModelServer> =>
  (await control.call<ModelServer>('GET', `/model-servers/local/${name}`)).body;

test('what does not fit is unschedulable, in its state, its pods and an event, and runs as soon as there is room', async (t) => {
  const control = await makeMachine(t);
  await serve(control, 'first', { 'cpu-request': 1.5 });
  await serve(control, 'second', { 'cpu-request': 1 });
  assert.deepEqual([told(control, 'first'), told(control, 'second')], [[1], [0]]);
  const reason = 'each pod needs 1 CPU (cpu-request), and of 2 CPUs that this machine has 0.5 CPUs are free';
  const second = await describe(control, 'second');
  assert.deepEqual([second.state, second.pods, second.reason], ['created', { ready: 0, total: 1 }, `1 pod is unschedulable: ${reason}`]);
  const { body: pods } = await control.call<Pod[]>('GET', '/model-servers/local/second/pods');
  assert.deepEqual(pods.map(({ state, reason: why }) => [state, why]), [['unschedulable', reason]]); // biome-ignore format: one line
  const { status, body: refused } = await control.call<ErrorBody>('GET', `/model-servers/local/second/logs?pod=${pods[0]?.id}&follow=true`);
  assert.equal(status, 409);
  assert.equal(refused.error.message, `the pod second-1-waiting-1 has printed nothing yet: it waits for room, because ${reason}`);
  const events = control.store.events.after(0, 1000).filter(({ type }) => type === 'pod.unschedulable');
  assert.deepEqual(events.map(({ object }) => object), ['local/second']); // biome-ignore format: one line

  await control.call('POST', '/model-servers/local/first/stop');
  await control.settle();
  assert.deepEqual(told(control, 'second'), [0], 'its pod still drains');
  control.platform.obey();
  await control.settle();
  assert.deepEqual(told(control, 'second'), [1]);
  control.platform.obey();
  await control.settle();
  assert.deepEqual([(await describe(control, 'second')).state, (await describe(control, 'second')).reason], ['running', null]);
});

test('only what was asked for explicitly is accounted', async (t) => {
  const control = await makeMachine(t);
  for (const name of ['a', 'b', 'c', 'd']) await serve(control, name, {});
  assert.deepEqual(told(control, 'd'), [1]);
});

test('places are given once for all that is seen, and again when something else is wanted', async (t) => {
  const { store } = await makeTestControl(t);
  const names = ['a', 'b', 'c'];
  let asked = 0;
  const scheduler = new Scheduler(store.facts, () => {
    asked++;
    return { needs: { cpus: 1, memoryBytes: 0, gpus: 0 }, since: '' };
  });
  const look = (observed: Observation, pods: number): number => {
    asked = 0;
    for (const name of names) scheduler.want(name, [{ revision: 1, pods }], observed);
    for (const name of names) scheduler.want(name, [{ revision: 1, pods }], observed);
    return asked;
  };
  const observed = (): Observation => ({ endpoint: null, processes: {}, servers: [], machine });
  look(observed(), 1);
  const same = observed();
  assert.equal(look(same, 1), names.length);
  assert.equal(look(same, 1), 0);
  assert.equal(look(same, 2), names.length * names.length);
});

test('a control plane that takes over takes nothing back that has its place, before it has seen anything', async (t) => {
  const first = await makeMachine(t);
  await serve(first, 'late', { 'cpu-request': 2, 'min-pods': 1 });
  await serve(first, 'waiting', { 'cpu-request': 1 });
  await first.end();
  const platform = new FakePlatform();
  platform.observation = { ...platform.observation, machine };
  const second = await makeTestControl(t, { home: first.home, platform });
  await second.settle();
  assert.deepEqual([told(second, 'late'), told(second, 'waiting')], [[1], [0]]);
});

test('an update without room beside the old revision fails at once; --recreate ends that one first, and its room goes to nobody else; so does a rollback', async (t) => {
  const control = await makeMachine(t);
  await serve(control, 'a', { 'cpu-request': 2 });
  await control.call('PATCH', '/model-servers/local/a', { settings: { description: 'new' } });
  await control.settle();
  const failed = await describe(control, 'a');
  assert.deepEqual([failed.state, failed.rollout?.state, failed.rollout?.failure?.code], ['running', 'failed', 'unschedulable']);

  await serve(control, 'waiting', { 'cpu-request': 1 });
  await control.call('PATCH', '/model-servers/local/a', { settings: { description: 'newer' }, recreate: true });
  await recreate(control);
  const recreated = await describe(control, 'a');
  assert.deepEqual([recreated.state, recreated.revision, recreated.rollout?.state], ['running', 3, 'complete']);

  await control.call('POST', '/model-servers/local/a/rollback', { to: 1, recreate: true });
  await recreate(control);
  const back = await describe(control, 'a');
  assert.deepEqual([back.state, back.revision, back.rollout?.state], ['running', 1, 'complete']);
});

test('a rollback to the revision that answers takes nothing away from it, also with --recreate', async (t) => {
  const control = await makeMachine(t);
  await serve(control, 'a', {});
  await control.call('PATCH', '/model-servers/local/a', { settings: { description: 'new' } });
  await control.settle();
  assert.deepEqual(told(control, 'a'), [1, 1]);
  const { platform } = control;
  const apply = platform.apply.bind(platform);
  const heard: number[] = [];
  platform.apply = async (desired) => {
    heard.push(...desired.revisions.filter(({ revision }) => revision === 1).map(({ pods }) => pods));
    await apply(desired);
  };
  await control.call('POST', '/model-servers/local/a/rollback', { recreate: true });
  await control.settle();
  assert.deepEqual([...new Set(heard)], [1]);
});

test('an unknown node group is refused with those that there are', async (t) => {
  const control = await makeMachine(t);
  const code = await control.code({ 'p.py': '1' });
  const { status, body } = await control.call<{ error: { message: string } }>('POST', '/model-servers', {
    name: 'a',
    settings: { 'node-group': 't4' },
    code,
  });
  assert.equal(status, 400);
  assert.equal(body.error.message, 'there is no node group "t4": the only one is default');
});
