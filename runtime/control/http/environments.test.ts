import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorBody } from '../../api/errors.ts';
import type { Environment, EnvironmentLog, PrunedEnvironments } from '../../api/objects.ts';
import type { KeptEnvironment } from '../../platform/platform.ts';
import { makeTestControl } from '../testing/test-control.ts';

function kept(id: string, ...uses: KeptEnvironment['uses']): KeptEnvironment {
  const facts = { kind: 'pip', interpreter: '/e/bin/python', version: '3.11.7', packages: ['numpy'], file: null, tool: 'uv' } as const;
  const times = { createdAt: '2026-01-01T00:00:00.000Z', lastUsedAt: '2026-01-01T00:00:00.000Z' };
  return { id, state: 'ready', ...facts, packages: ['numpy'], size: 1000, ...times, stage: null, failure: null, uses, inUse: false };
}

test('a prune leaves what a model server answers with, is rolling out or would start with, and tells first what would go', async (t) => {
  const { call, code, control, platform, settle } = await makeTestControl(t);
  const began = new Date(Date.now() - 1).toISOString();
  const use = (name: string, revision: number, at = new Date().toISOString()): KeptEnvironment['uses'][number] => ({
    owner: 'local',
    name,
    revision,
    at,
  });
  const rollOut = async (): Promise<void> => {
    await settle();
    platform.obey();
    await settle();
  };
  for (const name of ['running', 'stopped'])
    await call('POST', '/model-servers', { name, settings: {}, code: await code({ 'p.py': '1' }) });
  await rollOut();
  await call('PATCH', '/model-servers/local/running', { settings: { 'max-queue': 5 } });
  await rollOut();
  await call('POST', '/model-servers/local/stopped/stop');
  await rollOut();
  await call('PATCH', '/model-servers/local/running', { settings: { 'max-queue': 6 } });
  await settle();

  platform.kept = [
    kept('answers', use('running', 2)),
    kept('rolling-out', use('running', 3)),
    kept('would-start', use('stopped', 1)),
    kept('shared', use('running', 1), use('stopped', 1)),
    { ...kept('draining', use('gone', 7)), inUse: true },
    kept('former', use('running', 1)),
    kept('namesake', use('stopped', 1, began)),
  ];
  const listed = (await call<Environment[]>('GET', '/environments')).body;
  assert.deepEqual(
    listed.map(({ id, inUse, usedBy }) => [id, inUse, usedBy.map(({ server, revision, state }) => `${server} ${revision} ${state}`)]),
    [
      ['answers', true, ['local/running 2 active']],
      ['rolling-out', true, ['local/running 3 rolling-out']],
      ['would-start', true, ['local/stopped 1 active']],
      ['shared', true, ['local/running 1 retired', 'local/stopped 1 active']],
      ['draining', true, []],
      ['former', false, ['local/running 1 retired']],
      ['namesake', false, []],
    ],
  );
  const prune = async (body: object): Promise<string[]> => {
    const { removed, dryRun } = (await call<PrunedEnvironments>('POST', '/environments/prune', body)).body;
    assert.equal(dryRun, 'dryRun' in body);
    return removed.map(({ id }) => id);
  };
  assert.deepEqual(await prune({ dryRun: true }), ['former', 'namesake']);
  assert.equal(platform.kept.length, 7);
  assert.deepEqual(await prune({}), ['former', 'namesake']);
  assert.deepEqual(
    platform.kept.map(({ id }) => id),
    ['answers', 'rolling-out', 'would-start', 'shared', 'draining'],
  );
  assert.deepEqual(await prune({}), []);
  const told = control.events.read(0, { follow: false, signal: new AbortController().signal });
  assert.deepEqual(
    (await Array.fromAsync(told))
      .filter(({ type }) => type === 'environment.removed')
      .map(({ object, message }) => `${object}: ${message}`),
    ['former', 'namesake'].map((id) => `environments/${id}: the environment with numpy was removed, 1000 B`),
  );
  const log = await call<EnvironmentLog>('GET', '/environments/shared/log');
  assert.deepEqual(log.body, { lines: ['made shared'] });
  assert.equal((await call<ErrorBody>('GET', '/environments/former/log')).body.error.code, 'not-found');
});

test('a conda file beside the requirements file of an earlier revision is refused, and either can be let go of', async (t) => {
  const { call, code } = await makeTestControl(t);
  const settings = { 'pip-req': { file: 'r.txt', lines: ['numpy'] } };
  await call('POST', '/model-servers', { name: 's', settings, code: await code({ 'p.py': '1' }) });
  const conda = { 'conda-file': { file: 'environment.yml', content: { dependencies: ['python'] } } };
  const refused = await call<ErrorBody>('PATCH', '/model-servers/local/s', { settings: conda });
  assert.deepEqual(
    [refused.status, refused.body.error.code, refused.body.error.message],
    [400, 'bad-setting', 'pip-req (r.txt) and conda-file (environment.yml) exclude each other'],
  );
  assert.match(refused.body.error.hint ?? '', /--unset pip-req/);
  assert.equal((await call('PATCH', '/model-servers/local/s', { settings: conda, unset: ['pip-req'] })).status, 202);
});
