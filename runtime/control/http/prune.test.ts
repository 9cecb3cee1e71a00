import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { digestOf } from '../../api/manifest.ts';
import type { Pruned, Resource } from '../../api/objects.ts';
import { makeTestControl, type TestControl } from '../testing/test-control.ts';

const hourMs = 3_600_000;

/** A control plane whose clock the test moves; files keep the time of this machine. */
async function withClock(t: TestContext): Promise<TestControl & { later(ms: number): void }> {
  let offset = 0;
  const control = await makeTestControl(t, { now: () => new Date(Date.now() + offset) });
  const later = (ms: number): void => {
    offset += ms;
  };
  return { ...control, later };
}

test('what nothing needs goes after an hour and not before; a dry run only tells', async (t) => {
  const { call, send, contents, later } = await withClock(t);
  const prune = async (body: object): Promise<Pruned> => (await call<Pruned>('POST', '/contents/prune', body)).body;
  await call<Resource>('POST', '/resources/uploads', { name: 'kept', files: await send({ a: 'kept' }) });
  await send({ b: 'lost' });
  const there = (text: string): boolean => existsSync(contents.localPath(digestOf(text)));

  later(hourMs - 1000);
  assert.deepEqual(await prune({}), { removed: { contents: 0, bytes: 0 }, tooYoung: { contents: 1, bytes: 4 }, dryRun: false });
  later(2000);
  const old = { removed: { contents: 1, bytes: 4 }, tooYoung: { contents: 0, bytes: 0 } };
  assert.deepEqual(await prune({ dryRun: true }), { ...old, dryRun: true });
  assert.deepEqual([there('kept'), there('lost')], [true, true]);
  assert.deepEqual(await prune({}), { ...old, dryRun: false });
  assert.deepEqual([there('kept'), there('lost')], [true, false]);
});

test('what a model, or a revision that a rollback may need, was made from stays when everything else that led to it is gone', async (t) => {
  const { call, send, code, contents, settle, later } = await withClock(t);
  const there = (text: string): boolean => existsSync(contents.localPath(digestOf(text)));
  await call('POST', '/resources/uploads', { name: 'run', files: await send({ 'a.h5': 'weights', 'log.txt': 'noise' }) });
  await call('POST', '/models', { name: 'm', resource: 'uploads/run', files: ['a.h5'] });
  await call('DELETE', '/resources/uploads/run?force=true');
  await call('POST', '/model-servers', { name: 's', settings: {}, code: await code({ 'p.py': 'first' }) });
  await call('PATCH', '/model-servers/local/s', { code: await code({ 'p.py': 'second' }) });
  await settle();
  later(2 * hourMs);
  await call('POST', '/contents/prune', {});
  assert.deepEqual(['weights', 'first', 'second', 'noise'].map(there), [true, true, true, false]);
  await call('DELETE', '/models/m');
  await call('POST', '/contents/prune', {});
  assert.equal(there('weights'), false);
});
