import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { SpellEvent } from '../../api/events.ts';
import type { ModelServer } from '../../api/objects.ts';
import { FakePlatform, seenRevision } from '../testing/fake-platform.ts';
import { makeTestControl, type TestControl } from '../testing/test-control.ts';

async function serving(t: TestContext, control: TestControl): Promise<void> {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: new Date('2026-01-01T00:00:00Z') });
  await control.call('POST', '/model-servers', {
    name: 'a',
    settings: { 'startup-timeout': 30 },
    code: await control.code({ 'p.py': '1' }),
  });
  await control.settle();
}

function typesSince({ store }: TestControl, seq: number): SpellEvent['type'][] {
  return store.events.after(seq, 1000).map(({ type }) => type);
}

test('a platform that refuses what it is told is told again', async (t) => {
  const control = await makeTestControl(t);
  control.platform.failApply = new Error('busy');
  await serving(t, control);
  assert.equal(control.platform.told.size, 0);
  assert.match(control.said.join('\n'), /did not take the desired state of local\/a: busy/);
  control.platform.failApply = null;
  t.mock.timers.tick(1000);
  await control.settle();
  assert.equal(control.platform.told.get('local/a')?.serving, 1);
});

test('a rollout fails at its deadline although nothing more is observed', async (t) => {
  const control = await makeTestControl(t);
  await serving(t, control);
  control.platform.showServer({ owner: 'local', name: 'a', serving: 1, revisions: [seenRevision(1, ['starting'])] });
  await control.settle();
  t.mock.timers.tick(44_000);
  await control.settle();
  const state = async (): Promise<string> => (await control.call<ModelServer>('GET', '/model-servers/local/a')).body.state;
  assert.equal(await state(), 'starting');
  t.mock.timers.tick(1_000);
  await control.settle();
  assert.equal(await state(), 'failed');
});

test('what was seen before the platform knew what is wanted decides nothing', async (t) => {
  const control = await makeTestControl(t);
  await serving(t, control);
  const failure = { code: 'x', message: 'an old failure', hint: null, file: null, line: null, class: null, log: [], final: true };
  const failed = { owner: 'local', name: 'a', serving: 1, revisions: [seenRevision(1, ['failed'], { failure })] };
  control.platform.showServer(failed);
  await control.settle();
  const { promise, resolve } = Promise.withResolvers<void>();
  t.mock.method(control.platform, 'apply', () => promise);
  await control.call('POST', '/model-servers/local/a/start');
  control.platform.showServer(failed);
  await control.settle();
  const before = (await control.call<ModelServer>('GET', '/model-servers/local/a')).body;
  assert.equal(before.rollout?.state, 'progressing', 'the failure is the one before');
  control.platform.showServer({ ...failed, revisions: [] });
  resolve();
  await control.settle();
  assert.equal((await control.call<ModelServer>('GET', '/model-servers/local/a')).body.rollout?.state, 'progressing');
});

test('what runs and is in no record is removed', async (t) => {
  const platform = new FakePlatform();
  platform.observation = {
    ...platform.observation,
    servers: [{ owner: 'local', name: 'stray', serving: 1, revisions: [seenRevision(1, ['ready'])] }],
  };
  await makeTestControl(t, { platform });
  assert.deepEqual(platform.removed, ['local/stray']);
});

test('a platform that comes back from nothing is told everything again', async (t) => {
  const control = await makeTestControl(t);
  await serving(t, control);
  control.platform.obey();
  await control.settle();
  control.platform.told.clear();
  control.platform.show({ endpoint: null, servers: [] });
  await control.settle();
  control.platform.told.clear();
  control.platform.show({ endpoint: 'http://127.0.0.1:8000' });
  await control.settle();
  assert.equal(control.platform.told.get('local/a')?.serving, 1);
});

test('a control plane that takes over tells no news of what runs already', async (t) => {
  const first = await makeTestControl(t);
  await serving(t, first);
  first.platform.obey();
  await first.settle();
  const before = first.control.events.last();
  await first.end();
  const platform = new FakePlatform();
  platform.observation = { ...first.platform.observation, endpoint: null, servers: [] };
  const running = first.platform.observation;
  platform.start = async () => platform.show(running);
  const second = await makeTestControl(t, { home: first.home, platform });
  await second.settle();
  assert.deepEqual(typesSince(second, before), ['gateway.started']);
});

test('a store that cannot be written is tried again, and the platform goes on as it was told', async (t) => {
  const control = await makeTestControl(t);
  await serving(t, control);
  const change = t.mock.method(control.store, 'change', () => {
    throw new Error('disk full');
  });
  control.platform.obey();
  await control.settle();
  assert.match(control.said.join('\n'), /disk full/);
  change.mock.restore();
  t.mock.timers.tick(1000);
  await control.settle();
  assert.equal((await control.call<ModelServer>('GET', '/model-servers/local/a')).body.state, 'running');
});
