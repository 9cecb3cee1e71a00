import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ErrorBody } from '../../api/errors.ts';
import type { CodeSnapshot, ModelServer, ModelServerSummary, Operation, Revision } from '../../api/objects.ts';
import { FakePlatform, seenPod, seenRevision } from '../testing/fake-platform.ts';
import { makeTestControl, type TestControl } from '../testing/test-control.ts';

const path = '/model-servers/local/digits';

/** A control plane that was asked to serve `digits`, with whatever settings. */
async function serving(t: TestContext, settings: Record<string, unknown> = {}): Promise<TestControl> {
  const control = await makeTestControl(t);
  const code = await control.code({ 'predictor.py': 'one' });
  const answer = await control.call<Operation>('POST', '/model-servers', { name: 'digits', settings, code });
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  await control.settle();
  return control;
}

/** As {@link serving}, and its first revision is ready. */
async function running(t: TestContext, settings: Record<string, unknown> = {}): Promise<TestControl> {
  const control = await serving(t, settings);
  control.platform.obey();
  await control.settle();
  assert.equal((await describe(control)).state, 'running');
  return control;
}

async function describe({ call }: TestControl): Promise<ModelServer> {
  return (await call<ModelServer>('GET', path)).body;
}

async function obey(control: TestControl): Promise<void> {
  control.platform.obey();
  await control.settle();
}

function refused(answer: { status: number; body: unknown }): ErrorBody['error'] & { status: number } {
  return { ...(answer.body as ErrorBody).error, status: answer.status };
}

test('a served file goes through requested, created and starting to running, and its endpoint is known at once', async (t) => {
  const control = await serving(t, { 'min-pods': 2 });
  const { platform, call, settle } = control;
  assert.deepEqual(platform.told.get('local/digits'), {
    owner: 'local',
    name: 'digits',
    serving: 1,
    stopped: false,
    revisions: [{ revision: 1, pods: 2, spec: platform.told.get('local/digits')?.revisions[0]?.spec }],
  });
  const first = await describe(control);
  assert.equal(first.state, 'requested');
  assert.equal(first.url, 'http://127.0.0.1:8000/local/digits');

  const states: string[] = [];
  for (const revision of [
    seenRevision(1, [], { preparing: 'numpy' }),
    seenRevision(1, ['created', 'created']),
    seenRevision(1, ['starting', 'created']),
    seenRevision(1, ['ready', 'starting']),
    seenRevision(1, ['ready', 'ready']),
  ]) {
    platform.showServer({ owner: 'local', name: 'digits', serving: 1, revisions: [revision] });
    await settle();
    states.push((await describe(control)).state);
  }
  assert.deepEqual(states, ['created', 'created', 'starting', 'starting', 'running']);
  const [summary] = (await call<ModelServerSummary[]>('GET', '/model-servers')).body;
  assert.deepEqual(summary?.pods, { ready: 2, total: 2 });
  assert.equal((await describe(control)).rollout?.state, 'complete');
});

test('where the code was taken stays known until other code is taken, and makes no revision by itself', async (t) => {
  const control = await makeTestControl(t);
  const code = await control.code({ 'predictor.py': 'one' });
  const from = { root: '/home/ada/digits', entrypoint: '/home/ada/digits/predictor.py' };
  const elsewhere = { root: '/home/ada/copy', entrypoint: '/home/ada/copy/predictor.py' };
  await control.call('POST', '/model-servers', { name: 'digits', settings: {}, code: { ...code, servedFrom: from } });
  await control.settle();
  await obey(control);
  const unchanged = await control.call<Operation>('PATCH', path, { code: { ...code, servedFrom: elsewhere } });
  assert.equal(unchanged.body.revision, null);
  await control.call('PATCH', path, { settings: { 'min-pods': 2 } });
  await obey(control);
  const { revision, servedFrom } = await describe(control);
  assert.deepEqual([revision, servedFrom], [2, from]);

  const other = await control.code({ 'predictor.py': 'two' });
  await control.call('PATCH', path, { code: { ...other, servedFrom: elsewhere } });
  await control.settle();
  const updating = await describe(control);
  assert.deepEqual([updating.servedFrom, updating.rollout?.servedFrom], [from, elsewhere]);
});

test('the code of each revision can be read, file by file', async (t) => {
  const control = await makeTestControl(t);
  const code = await control.code({ 'predictor.py': 'one', 'lib/a.py': 'a' });
  await control.call('POST', '/model-servers', { name: 'digits', settings: {}, code });
  await control.settle();
  await obey(control);
  await control.call('PATCH', path, { code: await control.code({ 'predictor.py': 'two' }) });
  const filesOf = async (revision: number): Promise<string[]> =>
    (await control.call<CodeSnapshot>('GET', `${path}/revisions/${revision}/code`)).body.files.map((file) => file.path);
  assert.deepEqual([await filesOf(1), await filesOf(2)], [['lib/a.py', 'predictor.py'], ['predictor.py']]);
  const missing = await control.call<{ error: { message: string } }>('GET', `${path}/revisions/3/code`);
  assert.deepEqual([missing.status, missing.body.error.message], [404, 'the model server digits has no revision 3']);
});

test('the file of a config stays known until another config is said', async (t) => {
  const control = await makeTestControl(t);
  const from = { root: '/home/ada', entrypoint: '/home/ada/p.py' };
  const rolledOut = async (): Promise<unknown> => {
    await control.settle();
    return (await describe(control)).rollout?.servedFrom;
  };
  const servedFrom = { ...from, config: '/home/ada/config.yaml' };
  const code = { ...(await control.code({ 'predictor.py': 'one' })), servedFrom };
  await control.call('POST', '/model-servers', { name: 'digits', settings: { config: { values: { a: 1 } } }, code });
  await control.settle();
  await obey(control);
  await control.call('PATCH', path, { code: { ...(await control.code({ 'predictor.py': 'two' })), servedFrom: from } });
  assert.deepEqual(await rolledOut(), servedFrom);
  await obey(control);
  await control.call('PATCH', path, { settings: { config: { values: { a: 2 } } } });
  assert.deepEqual(await rolledOut(), from);
});

test('an update starts beside the old revision, takes over when it is ready, and then drains the old one', async (t) => {
  const control = await running(t, { env: { MODE: 'a', TOKEN: 'secret' } });
  const { platform, call, settle } = control;
  const operation = (await call<Operation>('PATCH', path, { settings: { 'min-pods': 2 } })).body;
  assert.equal(operation.operation, 'rollout/local/digits/2');
  await settle();
  const told = platform.told.get('local/digits');
  assert.equal(told?.serving, 1, 'the old revision answers meanwhile');
  assert.deepEqual(
    told?.revisions.map(({ revision, pods }) => [revision, pods]),
    [
      [1, 1],
      [2, 2],
    ],
  );
  assert.equal((await describe(control)).state, 'updating');

  const server = { owner: 'local', name: 'digits', serving: 1 };
  platform.showServer({ ...server, revisions: [seenRevision(1, ['ready']), seenRevision(2, ['ready', 'starting'])] });
  await settle();
  assert.equal(platform.told.get('local/digits')?.serving, 1, 'one ready pod of two is not enough');

  platform.showServer({ ...server, revisions: [seenRevision(1, ['ready']), seenRevision(2, ['ready', 'ready'])] });
  await settle();
  assert.equal(platform.told.get('local/digits')?.serving, 2);
  assert.deepEqual(
    platform.told.get('local/digits')?.revisions.map(({ revision }) => revision),
    [2],
  );
  assert.equal((await describe(control)).rollout?.state, 'draining');
  assert.equal((await describe(control)).state, 'running');

  platform.showServer({ ...server, serving: 2, revisions: [seenRevision(1, ['draining']), seenRevision(2, ['ready', 'ready'])] });
  await settle();
  assert.equal((await describe(control)).rollout?.state, 'draining', 'the old pod still answers what it has');
  await obey(control);
  const after = await describe(control);
  assert.equal(after.rollout?.state, 'complete');
  assert.deepEqual(after.spec.env, { MODE: '***', TOKEN: '***' }, 'what the update did not mention stays, and is masked');
  const revisions = (await call<Revision[]>('GET', `${path}/revisions`)).body;
  assert.deepEqual(
    revisions.map(({ revision, state, changes, creator }) => [revision, state, changes, creator]),
    [
      [2, 'active', ['min-pods: 1 → 2'], 'ada'],
      [1, 'retired', ['first revision'], 'ada'],
    ],
  );
});

test('an update whose pods fail to start is given up: the old revision stays, with the reason and the log kept', async (t) => {
  const control = await running(t);
  const { platform, call, settle } = control;
  await call('PATCH', path, { code: await control.code({ 'predictor.py': 'broken' }) });
  await settle();
  const failure = {
    code: 'import-error',
    message: 'predictor.py, line 1: No module named "numpie"',
    hint: 'did you mean numpy?',
    file: 'predictor.py',
    line: 1,
    class: null,
    log: ['Traceback', 'ModuleNotFoundError'],
    final: true,
  };
  platform.showServer({
    owner: 'local',
    name: 'digits',
    serving: 1,
    revisions: [seenRevision(1, ['ready']), seenRevision(2, ['failed'], { failure })],
  });
  await settle();
  const after = await describe(control);
  assert.equal(after.state, 'running');
  assert.equal(after.revision, 1);
  const { log, final: _, ...toBlame } = failure;
  const reason = failure.message;
  assert.deepEqual(after.rollout, { state: 'failed', revision: 2, reason, stage: null, failure: toBlame, log, servedFrom: null });
  assert.deepEqual(
    platform.told.get('local/digits')?.revisions.map(({ revision }) => revision),
    [1],
  );
  const listed = async (): Promise<[state: string, reason: string | null][]> =>
    (await call<Revision[]>('GET', `${path}/revisions`)).body.map((each) => [each.state, each.reason]);
  assert.deepEqual(await listed(), [
    ['failed', reason],
    ['active', null],
  ]);

  const next = (await call<Operation>('PATCH', path, { settings: { 'min-pods': 2 } })).body;
  await settle();
  assert.equal(next.revision, 3);
  const spec = platform.told.get('local/digits')?.revisions.find(({ revision }) => revision === 3)?.spec;
  assert.equal(
    spec?.code.manifest,
    platform.told.get('local/digits')?.revisions[0]?.spec.code.manifest,
    'it builds on what runs, not on what failed',
  );
  await obey(control);
  assert.deepEqual(
    await listed(),
    [
      ['active', null],
      ['failed', reason],
      ['retired', null],
    ],
    'what failed stays explained after later rollouts',
  );
});

test('a first rollout that fails stays as failed with its log, has no pods, and is replaced by the next serve', async (t) => {
  const control = await serving(t);
  const { platform, call, settle } = control;
  const failure = {
    code: 'no-predictor',
    message: 'no subclass of BasePredictor',
    hint: null,
    file: 'predictor.py',
    line: null,
    class: null,
    log: ['x'],
    final: true,
  };
  platform.showServer({ owner: 'local', name: 'digits', serving: 1, revisions: [seenRevision(1, ['failed'], { failure })] });
  await settle();
  const failed = await describe(control);
  assert.deepEqual([failed.state, failed.reason, failed.rollout?.log], ['failed', failure.message, ['x']]);
  assert.equal(failed.failure?.file, 'predictor.py');
  assert.deepEqual(platform.told.get('local/digits')?.revisions, []);

  const answer = await call<Operation>('POST', '/model-servers', {
    name: 'digits',
    settings: {},
    code: await control.code({ 'predictor.py': 'right' }),
  });
  assert.equal(answer.status, 202);
  await settle();
  await obey(control);
  const after = await describe(control);
  assert.deepEqual([after.state, after.revision], ['running', 2], 'numbers are never used twice: pods of the first may still drain');
});

test('a predictor that never gets ready is given up after its startup-timeout, not counting the time its environment took', async (t) => {
  let now = new Date('2026-01-01T00:00:00Z');
  const control = await makeTestControl(t, { now: () => now });
  const { platform, call, settle } = control;
  const settings = { 'startup-timeout': 30, env: { TOKEN: 'hunter2' } };
  await call('POST', '/model-servers', { name: 'digits', settings, code: await control.code({ 'p.py': '1' }) });
  await settle();
  const show = async (states: Parameters<typeof seenRevision>[1], preparing: string | null = null): Promise<string | undefined> => {
    platform.lines = [
      { position: 'p', time: 't', pod: 'r1-0', worker: 0, stream: 'stdout', level: null, requestId: null, text: 'loads with hunter2' },
    ];
    platform.showServer({ owner: 'local', name: 'digits', serving: 1, revisions: [seenRevision(1, states, { preparing })] });
    await settle();
    return (await describe(control)).rollout?.state;
  };
  assert.equal(await show([], 'numpy'), 'progressing');
  assert.equal((await describe(control)).rollout?.stage, 'numpy', 'what is installed is the stage that it is at');
  now = new Date('2026-01-01T01:00:00Z');
  assert.equal(await show(['starting']), 'progressing');
  now = new Date('2026-01-01T01:00:44Z');
  assert.equal(await show(['unhealthy']), 'progressing');
  now = new Date('2026-01-01T01:00:46Z');
  assert.equal(await show(['unhealthy']), 'failed');
  const failed = await describe(control);
  assert.match(failed.reason ?? '', /not ready within 45 s/);
  assert.deepEqual(failed.rollout?.log, ['loads with ***'], 'the last lines of the pod are kept where the failure has none');
});

test('a newer update supersedes one that still waits, and builds on it', async (t) => {
  const control = await running(t);
  const { platform, call, settle } = control;
  await call('PATCH', path, { settings: { description: 'second' } });
  await settle();
  await call('PATCH', path, { settings: { 'min-pods': 2 } });
  await settle();
  const told = platform.told.get('local/digits');
  assert.deepEqual([told?.serving, told?.revisions.map(({ revision }) => revision)], [1, [1, 3]]);
  assert.equal(told?.revisions[1]?.spec.settings.description, 'second');
  await obey(control);
  await obey(control);
  const states = (await call<Revision[]>('GET', `${path}/revisions`)).body.map(({ revision, state }) => `${revision} ${state}`);
  assert.deepEqual(states, ['3 active', '2 retired', '1 retired']);
});

test('a rollback makes an older revision active under its own number, and undoes an update that is still going on', async (t) => {
  const control = await running(t);
  const { platform, call, settle } = control;
  await call('PATCH', path, { settings: { 'min-pods': 2 } });
  await settle();
  await obey(control);
  await obey(control);
  assert.equal((await call<Operation>('POST', `${path}/rollback`, {})).body.revision, 1);
  await settle();
  assert.equal(platform.told.get('local/digits')?.serving, 2);
  await obey(control);
  await obey(control);
  assert.deepEqual([(await describe(control)).revision, (await describe(control)).rollout?.state], [1, 'complete']);

  await call('PATCH', path, { settings: { 'num-processes': 2 } });
  await settle();
  assert.equal((await call<Operation>('POST', `${path}/rollback`, {})).body.revision, 1, 'what answers now');
  await settle();
  await obey(control);
  await obey(control);
  const after = await describe(control);
  assert.deepEqual([after.state, after.revision, after.rollout?.state], ['running', 1, 'complete']);

  assert.equal(refused(await call('POST', `${path}/rollback`, { to: 1 })).code, 'conflict');
  assert.equal(refused(await call('POST', `${path}/rollback`, { to: 9 })).code, 'not-found');
});

test('a stopped server keeps its endpoint and revision; an update waits for its start; only then it can be removed', async (t) => {
  const control = await running(t);
  const { platform, call, settle } = control;
  const early = refused(await call('DELETE', path));
  assert.deepEqual([early.code, early.status], ['running', 409]);
  assert.match(early.message, /must be stopped before it can be removed/);

  await call('POST', `${path}/stop`);
  await settle();
  assert.deepEqual(platform.told.get('local/digits'), { owner: 'local', name: 'digits', serving: null, stopped: true, revisions: [] });
  assert.equal((await describe(control)).state, 'stopping');
  await obey(control);
  const stopped = await describe(control);
  assert.deepEqual([stopped.state, stopped.revision, stopped.pods], ['stopped', 1, { ready: 0, total: 0 }]);

  const waiting = (await call<Operation>('PATCH', path, { settings: { 'min-pods': 2 } })).body;
  assert.equal(waiting.revision, null);
  assert.equal((await call<Operation>('POST', `${path}/start`)).body.revision, 2);
  await settle();
  await obey(control);
  assert.deepEqual([(await describe(control)).state, (await describe(control)).url], ['running', stopped.url]);

  assert.equal((await call('DELETE', `${path}?force=true`)).status, 204);
  assert.equal((await call('GET', path)).status, 404);
  await settle();
  assert.deepEqual(platform.removed, ['local/digits']);
  await obey(control);
  assert.equal(control.store.modelServers.all().length, 0);
});

test('a server that is served again while its removed pods still drain gets new revision numbers', async (t) => {
  const control = await running(t);
  const { platform, call, settle } = control;
  platform.showServer({ owner: 'local', name: 'digits', serving: null, revisions: [seenRevision(1, ['draining'])] });
  await call('DELETE', `${path}?force=true`);
  await settle();
  const again = await call<Operation>('POST', '/model-servers', {
    name: 'digits',
    settings: {},
    code: await control.code({ 'predictor.py': 'new' }),
  });
  assert.equal(again.body.revision, 2);
  await settle();
  assert.equal(platform.told.get('local/digits')?.serving, 2);
});

test('a running server without a ready pod is failing, with the reason, and recovers', async (t) => {
  const control = await running(t);
  const pod = seenPod('r1-0', 'backing-off', { restarts: 4, reason: 'killed by signal 9' });
  control.platform.showServer({ owner: 'local', name: 'digits', serving: 1, revisions: [{ ...seenRevision(1, []), pods: [pod] }] });
  await control.settle();
  const failing = await describe(control);
  assert.deepEqual([failing.state, failing.reason, failing.pods], ['failing', 'killed by signal 9', { ready: 0, total: 1 }]);
  await obey(control);
  assert.equal((await describe(control)).state, 'running');
});

test('serve on a name that exists says how to update it, and an update that says nothing lists what it could say', async (t) => {
  const control = await running(t);
  const again = refused(
    await control.call('POST', '/model-servers', { name: 'digits', settings: {}, code: await control.code({ 'p.py': '2' }) }),
  );
  assert.deepEqual([again.code, again.status], ['exists', 409]);
  assert.match(again.hint ?? '', /spell server update digits/);
  const empty = refused(await control.call('PATCH', path, {}));
  assert.equal(empty.code, 'usage');
  assert.match(empty.hint ?? '', /--min-pods.*only with --entrypoint or --from-file/);
});

test('an update that changes nothing real makes no revision', async (t) => {
  const control = await running(t, { 'min-pods': 2 });
  const answer = await control.call<Operation>('PATCH', path, {
    settings: { 'min-pods': 2 },
    code: await control.code({ 'predictor.py': 'one' }),
  });
  assert.deepEqual([answer.status, answer.body.operation, answer.body.revision], [202, 'none/local/digits', null]);
});

test('bad settings are refused in the words of the flags, and bad names by the naming rules', async (t) => {
  const control = await makeTestControl(t);
  const code = await control.code({ 'p.py': '1' });
  const serve = async (body: Record<string, unknown>): Promise<ReturnType<typeof refused>> =>
    refused(await control.call('POST', '/model-servers', { name: 'a', settings: {}, code, ...body }));
  const pods = await serve({ settings: { 'min-pods': 0 } });
  assert.deepEqual([pods.code, pods.message], ['bad-setting', 'min-pods must be above 0, not 0']);
  assert.match(pods.hint ?? '', /^--min-pods N: /);
  assert.match((await serve({ settings: { 'min-pod': 1 } })).hint ?? '', /did you mean min-pods/);
  assert.equal((await serve({ name: 'a--b' })).code, 'bad-name');
  assert.equal((await serve({ name: undefined, settings: { 'server-name': '_x' } })).code, 'bad-name');
  assert.equal((await serve({ name: undefined })).code, 'usage');
  assert.equal((await serve({ settings: { model: ['nope'] } })).code, 'not-found');
  assert.equal((await serve({ code: { ...code, entrypoint: 'other.py' } })).code, 'bad-path');
  assert.equal((await serve({ code: { ...code, files: [{ ...code.files[0], path: '../p.py' }] } })).code, 'bad-path');
  assert.equal(
    (await serve({ code: { entrypoint: 'p.py', files: [{ path: 'p.py', size: 1, digest: `sha256:${'0'.repeat(64)}` }] } })).code,
    'missing-content',
  );
  assert.deepEqual((await control.call<unknown[]>('GET', '/model-servers')).body, []);
});

test('a new control plane goes on where a killed one stopped, without disturbing what runs', async (t) => {
  const first = await running(t);
  await first.call('PATCH', path, { settings: { 'min-pods': 2 } });
  await first.settle();
  await first.end();
  const platform = new FakePlatform();
  platform.observation = first.platform.observation;
  const second = await makeTestControl(t, { home: first.home, platform });
  const told = platform.told.get('local/digits');
  assert.deepEqual([told?.serving, told?.revisions.map(({ revision }) => revision)], [1, [1, 2]]);
  await obey(second);
  await obey(second);
  assert.deepEqual([(await describe(second)).state, (await describe(second)).revision], ['running', 2]);
});

test('a platform that cannot start makes serve say why, and nothing is left behind', async (t) => {
  const platform = new FakePlatform();
  platform.failStart = new Error('no gateway');
  const control = await makeTestControl(t, { platform });
  const answer = refused(
    await control.call('POST', '/model-servers', { name: 'a', settings: {}, code: await control.code({ 'p.py': '1' }) }),
  );
  assert.match(answer.message, /no gateway/);
  assert.deepEqual(control.store.modelServers.all(), []);
});
