import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ErrorBody } from '../../api/errors.ts';
import { digestOf } from '../../api/manifest.ts';
import type { ModelSummary, ModelVersion, Resource, ResourceDetail } from '../../api/objects.ts';
import { type Answered, makeTestControl, type TestControl } from '../testing/test-control.ts';

const files = { 'out/model.h5': 'weights', 'out/context.json': '{}', 'log.txt': 'noise', 'out/über uns/a b.txt': 'ü' };

/** A control plane with the upload `run`. */
async function uploaded(t: TestContext): Promise<TestControl> {
  const control = await makeTestControl(t);
  const answer = await control.call<Resource>('POST', '/resources/uploads', { name: 'run', files: await control.send(files) });
  assert.equal(answer.status, 201);
  return control;
}

function problem(answer: Answered<unknown>): string {
  const { code, message } = (answer.body as ErrorBody).error;
  return `${answer.status} ${code}: ${message}`;
}

function hint(answer: Answered<unknown>): string {
  return (answer.body as ErrorBody).error.hint ?? '';
}

test('contents are sent once, come back as they were, and a wrong digest is refused', async (t) => {
  const { call, send } = await makeTestControl(t);
  const [a, b] = [digestOf('a'), digestOf('b')];
  await send({ a: 'a' });
  assert.deepEqual((await call('POST', '/contents/missing', { digests: [a, b, b] })).body, { missing: [b] });
  const content = await call<string>('GET', `/contents/${a}`);
  assert.deepEqual([content.body, content.headers.get('content-length')], ['a', '1']);
  assert.match(problem(await call('PUT', `/contents/${b}`, 'not b')), /^422 wrong-digest: /);
  assert.match(problem(await call('GET', `/contents/${b}`)), /^404 not-found: /);
});

test('an upload is listed and described; one of the same name replaces it', async (t) => {
  const { call, send } = await uploaded(t);
  const [listed] = (await call<Resource[]>('GET', '/resources')).body;
  assert.deepEqual([listed?.path, listed?.files, listed?.size, listed?.creator], ['uploads/run', 4, 16, 'ada']);
  const detail = (await call<ResourceDetail>('GET', '/resources/uploads/run')).body;
  assert.deepEqual(
    detail.entries.map(({ path }) => path),
    ['log.txt', 'out/context.json', 'out/model.h5', 'out/über uns/a b.txt'],
  );
  await call('POST', '/resources/uploads', { name: 'run', files: await send({ only: '1' }) });
  assert.deepEqual(
    (await call<Resource[]>('GET', '/resources')).body.map((each) => each.files),
    [1],
  );
});

test('an upload that could not be one is refused', async (t) => {
  const { call } = await makeTestControl(t);
  const upload = (name: string, entries: unknown): Promise<Answered<unknown>> =>
    call('POST', '/resources/uploads', { name, files: entries });
  const entry = { path: 'a', size: 1, digest: digestOf('never sent') };
  assert.match(problem(await upload('a b', [entry])), /^400 bad-name: .*" "/);
  assert.match(problem(await upload('a', [])), /^400 bad-path: the upload a has no files/);
  assert.match(problem(await upload('a', [{ ...entry, path: '../a' }])), /^400 bad-path: the path "..\/a" does not stay below/);
  assert.match(problem(await upload('a', [{ ...entry, path: '/etc/passwd' }])), /^400 bad-path/);
  assert.match(problem(await upload('a', [entry])), /^409 missing-content: one content was not sent, the first is "a"/);
  assert.match(problem(await call('GET', '/resources/uploads/none')), /^404 not-found: there is no resource "uploads\/none"/);
});

test('a size that is not the content’s is refused', async (t) => {
  const { call, send } = await makeTestControl(t);
  const [entry] = await send({ a: 'abc' });
  assert.match(
    problem(await call('POST', '/resources/uploads', { name: 'a', files: [{ ...entry, size: 4 }] })),
    /"a" has 3 bytes, but 4 were declared/,
  );
});

test('model versions count up, are found by number and by custom name, and numbers are never used twice', async (t) => {
  const { call } = await uploaded(t);
  const create = async (body: object): Promise<ModelVersion> => {
    const answer = await call<ModelVersion>('POST', '/models', { name: 'cifar', resource: 'uploads/run', ...body });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body;
  };
  assert.equal((await create({ description: 'the first' })).version, 1);
  assert.equal((await create({ version: 'demo' })).version, 2);
  const byName = (await call<ModelVersion>('GET', '/models/cifar/demo')).body;
  assert.deepEqual(byName, (await call<ModelVersion>('GET', '/models/cifar/v2')).body);
  assert.deepEqual([byName.custom, byName.creator, byName.description, byName.resource], ['demo', 'ada', null, 'uploads/run']);
  assert.deepEqual(
    (await call<ModelSummary[]>('GET', '/models')).body.map(({ latestVersion }) => latestVersion),
    [{ number: 2, custom: 'demo' }],
  );

  assert.equal((await call('DELETE', '/models/cifar/demo')).status, 204);
  assert.equal((await create({ version: 'demo' })).version, 3, 'a custom name is free again, a number is not');
  assert.equal((await call('DELETE', '/models/cifar')).status, 204);
  assert.equal((await call('GET', '/models/cifar')).status, 404);
  assert.equal((await create({})).version, 4, 'also after the whole model was removed');
  assert.deepEqual(
    (await call<ModelVersion[]>('GET', '/models/cifar')).body.map(({ version }) => version),
    [4],
  );
});

test('a version that exists, or looks like a number, is an error, and so are bad names', async (t) => {
  const { call } = await uploaded(t);
  const create = (body: object): Promise<Answered<unknown>> => call('POST', '/models', { name: 'm', resource: 'uploads/run', ...body });
  await create({ version: 'demo' });
  assert.match(problem(await create({ version: 'demo' })), /^409 exists: the model m has a version "demo" already/);
  assert.match(problem(await create({ version: 'v7' })), /^400 bad-name: the version "v7" looks like an automatic number/);
  assert.match(problem(await create({ version: 'a--b' })), /^400 bad-name/);
  assert.match(problem(await create({ name: 'm:v1' })), /^400 bad-name/);
  assert.equal((await call<ModelVersion[]>('GET', '/models/m')).body.length, 1);
});

test('files are chosen as PATH[:DEST], a folder brings its content, and the whole resource without a choice', async (t) => {
  const { call } = await uploaded(t);
  const chosen = async (choices: string[] | undefined, resource = 'uploads/run'): Promise<string[]> => {
    const answer = await call<ModelVersion>('POST', '/models', { name: 'm', resource, files: choices });
    return answer.status === 201 ? answer.body.files.map(({ source, path }) => `${source} > ${path}`) : [problem(answer), hint(answer)];
  };
  assert.equal((await chosen(undefined)).length, 4);
  assert.deepEqual(await chosen(['out/model.h5']), ['out/model.h5 > out/model.h5']);
  assert.deepEqual(await chosen(['out/model.h5:model.h5', './log.txt']), ['log.txt > log.txt', 'out/model.h5 > model.h5']);
  assert.deepEqual(await chosen(['out/model.h5:/model/x/']), ['out/model.h5 > x/model.h5']);
  assert.equal((await chosen(['out/'])).length, 3);
  assert.deepEqual((await chosen(['out:/model/w']))[0], 'out/context.json > w/context.json');
  assert.deepEqual(await chosen(['model.h5'], 'uploads/run/out'), ['model.h5 > model.h5']);
  assert.deepEqual(await chosen(undefined, 'uploads/run/out/model.h5'), ['model.h5 > model.h5']);

  assert.deepEqual(await chosen(['model.h5']), [
    '404 not-found: uploads/run has no file or folder "model.h5"',
    'did you mean out/model.h5?',
  ]);
  assert.match((await chosen(['a:b:c']))[0] ?? '', /^400 bad-path: --file "a:b:c" is not PATH\[:DEST\]/);
  assert.match((await chosen(['out/model.h5:a', 'log.txt:a']))[0] ?? '', /^400 bad-path: .*"a" stands twice/);
  assert.match((await chosen(['out/model.h5:../a']))[0] ?? '', /^400 bad-path/);
  assert.match((await chosen(undefined, 'uploads/run/outt')).join(), /did you mean out/);
  assert.match((await chosen(undefined, 'uploads/runn')).join(), /^404 not-found: .*did you mean uploads\/run\?/);
  assert.match((await chosen(undefined, 'somewhere')).join(), /^400 bad-path/);
});

test('a model of a resource alone is named after it', async (t) => {
  const { call } = await uploaded(t);
  assert.equal((await call<ModelVersion>('POST', '/models', { resource: 'uploads/run/out' })).body.model, 'run');
});

test('a resource that a model was made from stays, unless forced, and the model keeps its files', async (t) => {
  const { call } = await uploaded(t);
  await call('POST', '/models', { name: 'm', resource: 'uploads/run/out' });
  const refused = await call('DELETE', '/resources/uploads/run');
  assert.match(problem(refused), /^409 in-use: uploads\/run is used by the model m:v1/);
  assert.deepEqual((await call<ResourceDetail>('GET', '/resources/uploads/run')).body.usedBy, ['m:v1']);
  assert.equal((await call('DELETE', '/resources/uploads/run?force=true')).status, 204);
  assert.equal((await call<ModelVersion>('GET', '/models/m/v1')).body.files.length, 3);
});

test('a model version that a model server answers with stays, and the error says which', async (t) => {
  const { call, platform, settle, code } = await uploaded(t);
  await call('POST', '/models', { name: 'm', resource: 'uploads/run' });
  await call('POST', '/model-servers', { settings: { model: ['m'] }, code: await code({ 'p.py': '1' }) });
  await settle();
  assert.match(problem(await call('DELETE', '/models/m/v1')), /^409 in-use: the model m:v1 is used by local\/m \(revision 1\)/);
  const refused = problem(await call('DELETE', '/resources/uploads/run'));
  assert.match(refused, /^409 in-use: uploads\/run is used by the model m:v1 \(served by local\/m \(revision 1\)\)/);
  platform.obey();
  await settle();
  await call('POST', '/models', { name: 'm', resource: 'uploads/run' });
  await call('PATCH', '/model-servers/local/m', { settings: { model: ['m'] } });
  await settle();
  assert.match(problem(await call('DELETE', '/models/m')), /revision 1\), local\/m \(revision 2\)/);
  platform.obey();
  await settle();
  assert.equal((await call('DELETE', '/models/m/v1')).status, 204, 'the revision that is rolled out pins v2');
  assert.match(problem(await call('DELETE', '/models/m')), /revision 2/);
});

test('a pinned version stays pinned when a newer one is made, also over updates that do not speak of it', async (t) => {
  const { call, platform, settle, code } = await uploaded(t);
  await call('POST', '/models', { name: 'm', resource: 'uploads/run' });
  await call('POST', '/model-servers', { settings: { model: ['m'] }, code: await code({ 'p.py': '1' }) });
  await call('POST', '/models', { name: 'm', resource: 'uploads/run' });
  await call('PATCH', '/model-servers/local/m', { settings: { 'min-pods': 2 } });
  await settle();
  assert.deepEqual(
    platform.told.get('local/m')?.revisions.map(({ spec }) => spec.models.map(({ version }) => version)),
    [['v1']],
  );
});
