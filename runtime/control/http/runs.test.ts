import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { ErrorBody } from '../../api/errors.ts';
import { digestOf } from '../../api/manifest.ts';
import type { ModelVersion, RegisterRun, Resource, ResourceDetail, RunLogLine } from '../../api/objects.ts';
import { type Answered, makeTestControl, type TestControl } from '../testing/test-control.ts';

const log = ['epoch 1', 'epoch 2', 'done\u2028']
  .map((text) => `${JSON.stringify({ time: '2026-01-01T00:00:01.000Z', stream: 'stdout', text })}\n`)
  .join('');

const ran = {
  name: 'train',
  command: ['python', 'train.py'],
  folder: '/home/ada/cifar',
  exitStatus: 0,
  signal: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:12.000Z',
  git: { commit: 'a'.repeat(40), dirty: true },
};

interface RunsUnderTest extends TestControl {
  register(body?: Partial<RegisterRun>): Promise<Answered<Resource>>;
}

async function withRuns(t: TestContext): Promise<RunsUnderTest> {
  const control = await makeTestControl(t);
  const files = await control.send({ 'saved_models/x.h5': 'weights', 'notes.txt': 'n' });
  await control.send({ log });
  let count = 0;
  const register: RunsUnderTest['register'] = (body) =>
    control.call('POST', '/resources/runs', { id: `request-${++count}`, ...ran, files, log: digestOf(log), ...body });
  return { ...control, register };
}

const problem = ({ status, body }: Answered<unknown>): string => `${status} ${(body as ErrorBody).error.message}`;

test('a run is a resource with what made it; runs are listed by number, and numbers are never used twice', async (t) => {
  const { call, register } = await withRuns(t);
  const first = await register();
  assert.equal(first.status, 201);
  assert.deepEqual([first.body.path, first.body.files, first.body.size, first.body.run?.state], ['runs/1', 2, 8, 'complete']);
  for (let count = 0; count < 9; count++) await register();
  assert.equal((await call('DELETE', '/resources/runs/10')).status, 204);
  assert.equal((await register()).body.path, 'runs/11', 'also when the newest was removed');
  const paths = (await call<Resource[]>('GET', '/resources')).body.map(({ path }) => path);
  assert.deepEqual(
    paths,
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 11].map((number) => `runs/${number}`),
  );
  assert.deepEqual((await call<ResourceDetail>('GET', '/resources/runs/1')).body.run, { ...ran, state: 'complete' });
});

test('what is registered twice by one id is one run', async (t) => {
  const { call, register } = await withRuns(t);
  const answers = await Promise.all([register({ id: 'the same' }), register({ id: 'the same' })]);
  assert.deepEqual(
    answers.map(({ body }) => body.path),
    ['runs/1', 'runs/1'],
  );
  assert.equal((await call<Resource[]>('GET', '/resources')).body.length, 1);
  assert.equal((await register()).body.path, 'runs/2');
});

test('how it ended is said by its exit status and its signal', async (t) => {
  const { register } = await withRuns(t);
  const state = async (exitStatus: number, signal: string | null): Promise<string | undefined> =>
    (await register({ exitStatus, signal })).body.run?.state;
  assert.deepEqual(
    [await state(0, null), await state(2, null), await state(137, 'SIGKILL'), await state(130, 'SIGINT'), await state(130, null)],
    ['complete', 'failed', 'failed', 'interrupted', 'interrupted'],
  );
});

test('a run whose files or log were not sent, or whose name is odd, is no run', async (t) => {
  const { call, register } = await withRuns(t);
  assert.match(problem(await register({ log: digestOf('never') })), /^409 the log sha256:\S+ was not sent/);
  assert.match(problem(await register({ files: [{ path: 'a', size: 1, digest: digestOf('never') }] })), /^409 one content was not sent/);
  assert.match(problem(await register({ name: 'a b' })), /^400 the run name "a b" has the character " "/);
  assert.deepEqual((await call('GET', '/resources')).body, []);
  assert.equal((await register()).body.path, 'runs/1');
});

test('its log comes back as it was printed, or its last lines; that of no run is an error', async (t) => {
  const { stream, call, register } = await withRuns(t);
  await register();
  const lines = async (query: string): Promise<string[]> =>
    (await (await stream(`/resources/runs/1/log${query}`)).text())
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as RunLogLine).text);
  assert.deepEqual(await lines(''), ['epoch 1', 'epoch 2', 'done\u2028']);
  assert.deepEqual(await lines('?tail=2'), ['epoch 2', 'done\u2028']);
  assert.match(problem(await call('GET', '/resources/runs/7/log')), /^404 there is no resource "runs\/7"/);
});

test('a model of a run: its files, its name, and the run that made it, also when that is gone', async (t) => {
  const { call, register } = await withRuns(t);
  await register();
  await register({ name: null });
  const create = (body: object): Promise<Answered<ModelVersion>> => call('POST', '/models', body);
  const made = (await create({ name: 'cifar', resource: 'runs/1', files: ['saved_models/x.h5:model.h5'] })).body;
  assert.deepEqual([made.resource, made.files[0]?.path, made.run?.git?.commit], ['runs/1', 'model.h5', 'a'.repeat(40)]);
  const part = (await create({ resource: 'runs/1/saved_models' })).body;
  assert.deepEqual([part.model, part.resource, part.files[0]?.path], ['train', 'runs/1/saved_models', 'x.h5']);
  assert.match(problem(await create({ resource: 'runs/2' })), /^400 runs\/2 has no name that the model could take/);
  assert.match(problem(await call('DELETE', '/resources/runs/1')), /^409 runs\/1 is used by the models cifar:v1, train:v1/);
  await call('DELETE', '/resources/runs/1?force=true');
  assert.deepEqual((await call<ModelVersion>('GET', '/models/cifar/v1')).body.run, { ...ran, state: 'complete' });
  await call('POST', '/resources/uploads', { name: 'plain', files: made.files });
  assert.equal((await create({ resource: 'uploads/plain' })).body.run, null);
});

test('a run that saved nothing makes no model', async (t) => {
  const { call, register } = await withRuns(t);
  await register({ files: [] });
  assert.match(problem(await call('POST', '/models', { name: 'm', resource: 'runs/1' })), /^400 runs\/1 saved no files/);
});

test('the log of a run stays as long as the run', async (t) => {
  let offset = 0;
  const control = await makeTestControl(t, { now: () => new Date(Date.now() + offset) });
  await control.send({ log });
  await control.call('POST', '/resources/runs', { id: 'x', ...ran, files: [], log: digestOf(log) });
  offset = 7_200_000;
  await control.call('POST', '/contents/prune', {});
  assert.ok(existsSync(control.contents.localPath(digestOf(log))));
  await control.call('DELETE', '/resources/runs/1');
  await control.call('POST', '/contents/prune', {});
  assert.ok(!existsSync(control.contents.localPath(digestOf(log))));
});
