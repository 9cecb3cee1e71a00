import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { access, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SpellError } from '../../runtime/api/errors.ts';
import { readGatewayRecord } from '../../runtime/api/gateway-record.ts';
import { findProcesses, isAlive } from '../../runtime/api/processes.ts';
import { GatewaySupervisor } from '../../runtime/platform/local/gateway-supervisor.ts';
import type { LocalPlatformOptions } from '../../runtime/platform/local/local-platform.ts';
import type { Platform } from '../../runtime/platform/platform.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/free-port.ts';
import { serving } from './conformance.ts';
import { type LocalPlace, makeLocalPlace } from './local-place.ts';
import { plainPredictor, putModel, putProject } from './project.ts';
import { Watcher } from './watcher.ts';

// What only processes on this machine have: they can be killed, hang, hold a port and leave things lying about.

interface Scene extends LocalPlace {
  platform: Platform;
  watcher: Watcher;
}

/** A started platform in a home of its own; stopped, and its home looked over, when the test is done. */
async function begin(context: TestContext, options: Partial<LocalPlatformOptions> = {}, below?: string): Promise<Scene> {
  const place = await makeLocalPlace(below);
  const platform = place.open(options);
  const watcher = new Watcher(platform);
  const scene = { ...place, platform, watcher };
  context.after(async () => {
    await scene.platform.stop('all');
    scene.watcher.end();
    await place.close();
  });
  await platform.start();
  return scene;
}

/** The platform of the next control plane in the same home. */
function next(scene: Scene, options?: Partial<LocalPlatformOptions>): void {
  scene.watcher.end();
  scene.platform = scene.open(options);
  scene.watcher = new Watcher(scene.platform);
}

const gatewayPid = (scene: Scene): Promise<number> => scene.watcher.until('a gateway', ({ processes }) => processes.gateway);

it('a gateway that is killed is back by itself at the same address, with its pods', async (context) => {
  const scene = await begin(context);
  const spec = await putProject(scene.shelf);
  await scene.platform.apply(serving('back', 1, { 1: spec }, 2));
  const before = await scene.watcher.ready('back', 1, 2);
  const url = await scene.watcher.url('back');
  const killed = await gatewayPid(scene);
  process.kill(killed, 'SIGKILL');
  await scene.watcher.until('the gateway is missed', ({ endpoint }) => endpoint === null);
  const again = await scene.watcher.until('another gateway', ({ processes }) => processes.gateway !== killed && processes.gateway);
  assert.ok(isAlive(again));
  const after = await scene.watcher.ready('back', 1, 2);
  assert.equal(await scene.watcher.url('back'), url);
  assert.equal((await predict(`${url}/predict`, {})).status, 200);
  const pids = after.pods.flatMap(({ workers }) => workers.map(({ pid }) => pid));
  for (const { pid } of before.pods.flatMap(({ workers }) => workers))
    assert.ok(!pids.includes(pid) && !isAlive(pid), `worker ${pid} of the dead gateway runs on`);
});

it('a gateway of an older build goes on while it serves, and makes way when nothing runs', async (context) => {
  const scene = await begin(context, { version: '0.1.0' });
  const spec = await putProject(scene.shelf);
  await scene.platform.apply(serving('old', 1, { 1: spec }));
  await scene.watcher.ready('old', 1);
  const url = await scene.watcher.url('old');
  await scene.platform.stop('keep');
  next(scene, { version: '0.2.0' });
  await scene.platform.start();
  await scene.platform.apply(serving('old', 1, { 1: spec }));
  await scene.watcher.ready('old', 1);
  const older = await gatewayPid(scene);
  assert.equal(await scene.watcher.until('its version', ({ front }) => front?.version), '0.1.0');
  assert.equal((await predict(`${url}/predict`, {})).status, 200);
  assert.equal(await gatewayPid(scene), older, 'what serves is left alone');
  await scene.platform.remove({ owner: 'local', name: 'old' });
  assert.equal(await scene.watcher.until('the new one', ({ front }) => front?.version === '0.2.0' && front.version), '0.2.0');
  assert.ok(!isAlive(older));
});

it('a gateway of an older build is replaced when that is asked for, and its pods are back at the same address', async (context) => {
  const scene = await begin(context, { version: '0.1.0' });
  const spec = await putProject(scene.shelf);
  await scene.platform.apply(serving('old', 1, { 1: spec }));
  await scene.watcher.ready('old', 1);
  const url = await scene.watcher.url('old');
  const older = await gatewayPid(scene);
  await scene.platform.stop('keep');
  next(scene, { version: '0.2.0' });
  await scene.platform.start();
  await scene.platform.apply(serving('old', 1, { 1: spec }));
  await scene.watcher.ready('old', 1);
  await scene.platform.replaceGateway?.();
  await scene.watcher.until('the new one', ({ front }) => front?.version === '0.2.0');
  await scene.watcher.ready('old', 1);
  assert.equal(await scene.watcher.url('old'), url);
  assert.equal((await predict(`${url}/predict`, {})).status, 200);
  assert.ok(!isAlive(older));
});

it('who follows the logs reads every line once and in order, over gateways that are killed', async (context) => {
  const scene = await begin(context);
  const key = { owner: 'local', name: 'steady' };
  const talking = plainPredictor.replace('        return {"answer"', '        print("asked", payload["n"])\n        return {"answer"');
  await scene.platform.apply(serving('steady', 1, { 1: await putProject(scene.shelf, { files: { 'predictor.py': talking } }) }));
  await scene.watcher.ready('steady', 1);
  const url = `${await scene.watcher.url('steady')}/predict`;
  const leaving = new AbortController();
  const heard: string[] = [];
  const following = (async () => {
    for await (const { text } of scene.platform.logs({ ...key, tail: 0, follow: true, signal: leaving.signal })) heard.push(text);
  })();
  let asked = 0;
  for (let life = 0; life < 3; life++) {
    for (let count = 0; count < 20; count++) assert.equal((await predict(url, { n: asked++ })).status, 200);
    await eventually(() => assert.ok(heard.includes(`asked ${asked - 1}`)), 5000);
    // What is printed while nobody reads: before the dead gateway is missed, and by the next one before it is asked.
    const killed = await gatewayPid(scene);
    process.kill(killed, 'SIGKILL');
    await scene.watcher.until('another gateway', ({ processes }) => processes.gateway !== killed && processes.gateway);
    await scene.watcher.ready('steady', 1);
  }
  await eventually(() => assert.equal(heard.filter((text) => text === 'ready').length, 3), 5000);
  leaving.abort();
  await following;
  assert.deepEqual(
    heard.filter((text) => text.startsWith('asked')),
    Array.from({ length: asked }, (_, n) => `asked ${n}`),
  );
  const kept = await Array.fromAsync(scene.platform.logs(key));
  assert.deepEqual(
    heard,
    kept.slice(-heard.length).map(({ text }) => text),
    'the same as one who reads it all afterwards',
  );
});

it('what a predictor started and detached ends with it: after the gateway was killed, and when everything stops', async (context) => {
  const scene = await begin(context);
  const detaching = plainPredictor.replace(
    '        print("loaded", answer)',
    '        import subprocess\n        child = subprocess.Popen(["sleep", "1000"], start_new_session=True)\n        print("started", child.pid)',
  );
  await scene.platform.apply(serving('parent', 1, { 1: await putProject(scene.shelf, { files: { 'predictor.py': detaching } }) }));
  const childOf = async (pod: string): Promise<number> =>
    eventually(async () => {
      const lines = await Array.fromAsync(scene.platform.logs({ owner: 'local', name: 'parent', pod }));
      const [, pid] = lines.flatMap(({ text }) => /^started (\d+)$/.exec(text) ?? []);
      assert.ok(pid);
      return Number(pid);
    }, 5000);
  const [before] = (await scene.watcher.ready('parent', 1)).pods;
  const first = await childOf(before?.id ?? '');
  assert.ok(isAlive(first));
  const killed = await gatewayPid(scene);
  process.kill(killed, 'SIGKILL');
  await scene.watcher.until('another gateway', ({ processes }) => processes.gateway !== killed && processes.gateway);
  const [after] = (await scene.watcher.ready('parent', 1)).pods;
  assert.ok(!isAlive(first), 'what the dead pod had started runs on');
  const second = await childOf(after?.id ?? '');
  assert.ok(isAlive(second));
  await scene.platform.stop('all');
  assert.ok(!isAlive(second));
});

it('a gateway that hangs is replaced', async (context) => {
  const place = await makeLocalPlace();
  const lost = Promise.withResolvers<void>();
  const ups: number[] = [];
  const back = Promise.withResolvers<void>();
  const supervisor = new GatewaySupervisor({
    command: [process.execPath, new URL('../../dist/gateway.js', import.meta.url).pathname],
    env: { PATH: process.env.PATH ?? '', SPELL_HOME: place.home },
    gateway: {
      home: place.home,
      version: 'test',
      host: '127.0.0.1',
      tls: null,
      accessLog: null,
      podLogs: join(place.home, 'logs', 'pods'),
      logFile: join(place.home, 'logs', 'gateway.log'),
      controlPlane: { command: ['/bin/false'], env: {}, cwd: place.home },
    },
    folder: join(place.home, 'local'),
    port: () => 0,
    pulse: { everyMs: 50, answerWithinMs: 200, missed: 2 },
    onUp: async (_admin, info) => {
      if (ups.push(info.pid) === 2) back.resolve();
    },
    onObservation: () => {},
    onLost: lost.resolve,
    say: (line) => place.said.push(line),
  });
  context.after(async () => {
    await supervisor.end();
    const last = place.open();
    await last.start();
    await last.stop('all');
    await place.close();
  });
  await supervisor.start();
  process.kill(ups[0] ?? 0, 'SIGSTOP');
  await lost.promise;
  await back.promise;
  assert.notEqual(ups[0], ups[1]);
  assert.ok(!isAlive(ups[0] ?? 0));
  assert.ok(place.said.some((line) => /does not answer any more/.test(line)));
});

it('a gateway that cannot be started is an error with its reason, and leaves nothing', async () => {
  const place = await makeLocalPlace();
  for (const gateway of [['/nowhere/node'], ['/bin/sh', '-c', 'echo "no such module" >&2; exit 7']] as [string, ...string[]][]) {
    const platform = place.open({ gateway });
    await assert.rejects(platform.start(), (error: SpellError) => {
      assert.equal(error.code, 'start-failed');
      assert.match(error.hint ?? '', /gateway\.log/);
      return true;
    });
    await platform.stop('all');
  }
  assert.match(await readFile(join(place.home, 'logs', 'gateway.log'), 'utf8'), /no such module/);
  await place.close();
});

it('the port of the endpoint stays from one start to the next; one that is taken is an error that names its holder', async (context) => {
  const place = await makeLocalPlace();
  context.after(() => place.close());
  const addressOf = async (platform: Platform): Promise<string> => {
    const watcher = new Watcher(platform);
    await platform.start();
    const endpoint = await watcher.until('an endpoint', (observed) => observed.endpoint ?? undefined);
    watcher.end();
    return endpoint;
  };
  const first = place.open();
  const address = await addressOf(first);
  await first.stop('keep');
  const port = Number(new URL(address).port);
  await assert.rejects(
    place.open({ port: port === 65535 ? 65534 : port + 1 }).start(),
    (error: SpellError) => error.code === 'conflict' && error.message.includes(address),
  );
  const second = place.open();
  assert.equal(await addressOf(second), address);
  await second.stop('all');
  const third = place.open();
  assert.equal(await addressOf(third), address, 'also when everything was stopped between');
  await third.stop('all');

  const holder = createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  await assert.rejects(place.open().start(), (error: SpellError) => {
    assert.equal(error.code, 'port-taken');
    assert.match(error.message, new RegExp(`${port}.*process ${process.pid}`));
    return true;
  });
  const free = place.open({ port: await freePort() });
  assert.notEqual(await addressOf(free), address);
  await free.stop('all');
  await new Promise((resolve) => holder.close(resolve));
});

it('a home with a path too long for a socket works, and leaves no folder in the temporary one', async (context) => {
  const scene = await begin(context, {}, `${'long-'.repeat(25)}/home`);
  const record = await readGatewayRecord(scene.home);
  assert.ok(record?.ownFolder);
  assert.ok(record.adminSocket.startsWith(tmpdir()));
  assert.equal((await stat(dirname(record.adminSocket))).mode & 0o777, 0o700);
  await scene.platform.apply(serving('deep', 1, { 1: await putProject(scene.shelf) }));
  await scene.watcher.ready('deep', 1);
  await scene.platform.stop('all');
  await assert.rejects(stat(dirname(record.adminSocket)), { code: 'ENOENT' });
});

for (const mode of ['namespace', 'rewrite'] as const) {
  it(`SPELL_PATHS=${mode}: /model is there for the predictor, and nowhere else`, {
    skip: mode === 'namespace' && process.platform !== 'linux',
  }, async (context) => {
    const scene = await begin(context, { env: { ...process.env, SPELL_PATHS: mode } });
    const model = await putModel(scene.shelf, 'm', { 'a.txt': 'alpha' });
    const predictor = plainPredictor.replace(
      'self.answer = answer',
      'self.answer = open("/model/a.txt").read() + str(len(os.listdir("/model")))',
    );
    const spec = await putProject(scene.shelf, { files: { 'predictor.py': predictor }, models: [model] });
    await scene.platform.apply(serving('paths', 1, { 1: spec }));
    assert.equal((await scene.watcher.ready('paths', 1)).paths, mode);
    const answer = await predict(`${await scene.watcher.url('paths')}/predict`, {});
    assert.equal(answer.json<{ answer: string }>().answer, 'alpha1', answer.text);
    await assert.rejects(access('/model'), { code: 'ENOENT' });
  });
}

it('a worker has the environment that is documented and what --env says, nothing of the shell that started spelld', async (context) => {
  const env = { ...process.env, SECRET_OF_THE_SHELL: 'x', PYTHONPATH: '/nowhere', LC_ALL: 'C.UTF-8', HTTPS_PROXY: 'http://127.0.0.1:9' };
  const scene = await begin(context, { env });
  const predictor = plainPredictor.replace('        return {"answer"', '        return dict(os.environ)\n        return {"answer"');
  const spec = await putProject(scene.shelf, {
    files: { 'predictor.py': predictor },
    settings: { env: { MINE: 'a=b', SPELL_HOME: '/elsewhere' } },
  });
  await scene.platform.apply(serving('env', 1, { 1: spec }));
  await scene.watcher.ready('env', 1);
  const seen = (await predict(`${await scene.watcher.url('env')}/predict`, {})).json<Record<string, string>>();
  assert.equal(seen.MINE, 'a=b');
  assert.equal(seen.SPELL_HOME, scene.home);
  assert.equal(seen.LC_ALL, 'C.UTF-8');
  assert.equal(seen.HTTPS_PROXY, 'http://127.0.0.1:9');
  const documented = /^(PATH|HOME|USER|LANG|LC_[A-Z]+|TZ|TMPDIR|(https?|no|all|ftp)_proxy|LD_LIBRARY_PATH|CUDA_.*|SPELL_[A-Z]+|MINE)$/i;
  assert.deepEqual(
    Object.keys(seen).filter((name) => !documented.test(name)),
    [],
  );
});

it('an interpreter that is not there is a final failure with what to do', async (context) => {
  const scene = await begin(context);
  const spec = await putProject(scene.shelf, { settings: { python: '/nowhere/python' } });
  await scene.platform.apply(serving('bare', 1, { 1: spec }));
  const { failure } = await scene.watcher.revision('bare', 1, 'a failure', (seen) => seen.failure !== null);
  assert.deepEqual([failure?.code, failure?.final], ['python-not-found', true]);
  assert.match(failure?.message ?? '', /\/nowhere\/python/);
  assert.match(failure?.hint ?? '', /--python/);
});

it('folders of revisions that are gone are removed, those that are used stay, and models are the store’s own files', async (context) => {
  const scene = await begin(context, { env: { ...process.env, SPELL_PATHS: 'namespace' } });
  const model = await putModel(scene.shelf, 'm', { 'weights.bin': 'w' });
  const one = await putProject(scene.shelf, { files: { 'a.txt': 'one' }, models: [model] });
  const two = await putProject(scene.shelf, { files: { 'a.txt': 'two' }, models: [model] });
  await scene.platform.apply(serving('tidy', 1, { 1: one }));
  await scene.watcher.ready('tidy', 1);
  await scene.platform.apply(serving('tidy', 1, { 1: one, 2: two }));
  await scene.watcher.ready('tidy', 2);
  const folders = (kind: string): Promise<string[]> => readdir(join(scene.home, 'local', kind));
  assert.equal((await folders('code')).length, 2);
  await scene.platform.apply(serving('tidy', 2, { 2: two }));
  await scene.watcher.gone('tidy', 1);
  await eventually(async () => assert.deepEqual(await folders('code'), [two.code.manifest.slice(7)]), 5000);
  const [models = ''] = await folders('models');
  const stored = await stat(scene.shelf.localPath((await manifestOf(scene, model.manifest))[0]?.digest ?? ''));
  assert.equal((await stat(join(scene.home, 'local', 'models', models, 'weights.bin'))).ino, stored.ino);
});

async function manifestOf(scene: Scene, digest: string): Promise<{ digest: string }[]> {
  return JSON.parse(await readFile(scene.shelf.localPath(digest), 'utf8')) as { digest: string }[];
}

it('a control plane that takes over without knowing how things were started makes it out again, and ends no pod', async (context) => {
  const scene = await begin(context);
  const spec = await putProject(scene.shelf);
  await scene.platform.apply(serving('unknown', 1, { 1: spec }));
  const before = await scene.watcher.ready('unknown', 1);
  await scene.platform.stop('keep');
  await rm(join(scene.home, 'local', 'told.json'));
  next(scene);
  await scene.platform.start();
  await scene.platform.apply(serving('unknown', 1, { 1: spec }));
  await scene.watcher.revision('unknown', 1, 'its interpreter', ({ python }) => python !== null);
  assert.deepEqual((await scene.watcher.ready('unknown', 1)).pods, before.pods);
  await scene.platform.apply(serving('unknown', 1, { 1: spec }, 2));
  const both = await scene.watcher.ready('unknown', 1, 2);
  assert.ok(both.pods.some(({ id }) => id === before.pods[0]?.id));
});

it('after an upgrade to another folder, what runs goes on and what is started comes from the new one', async (context) => {
  const scene = await begin(context);
  const spec = await putProject(scene.shelf);
  await scene.platform.apply(serving('upgraded', 1, { 1: spec }));
  const before = await scene.watcher.ready('upgraded', 1);
  await scene.platform.stop('keep');
  const pythonFolder = join(dirname(scene.home), 'newer');
  await symlink(fileURLToPath(new URL('../../dist/python', import.meta.url)), pythonFolder);
  next(scene, { pythonFolder });
  await scene.platform.start();
  await scene.platform.apply(serving('upgraded', 1, { 1: spec }, 2));
  const [first, second] = (await scene.watcher.ready('upgraded', 1, 2)).pods;
  const added = [first, second].find((pod) => pod?.id !== before.pods[0]?.id);
  assert.ok([first?.id, second?.id].includes(before.pods[0]?.id));
  const command = await readFile(`/proc/${added?.workers[0]?.pid}/cmdline`, 'utf8');
  assert.ok(command.includes(join(pythonFolder, 'spell')), command);
});

it('an environment that nobody wants any more is not made to its end', async (context) => {
  const scene = await begin(context);
  const settings = { 'pip-req': { file: 'requirements.txt', lines: ['--no-index', '--find-links /nowhere', 'anything'] } };
  await scene.platform.apply(serving('changed-mind', 1, { 1: await putProject(scene.shelf, { settings }) }));
  await scene.watcher.revision('changed-mind', 1, 'it is being prepared', (seen) => /environment/.test(seen.preparing ?? ''));
  await eventually(async () => assert.notDeepEqual(await findProcesses(scene.home, { roles: ['tool'] }), []), 5000);
  await scene.platform.remove({ owner: 'local', name: 'changed-mind' });
  await eventually(async () => assert.deepEqual(await findProcesses(scene.home, { roles: ['tool'] }), []), 5000);
  await scene.watcher.until('it is forgotten', ({ servers }) => servers.length === 0);
  await eventually(async () => assert.deepEqual(await readdir(join(scene.home, 'local', 'environments')), []), 5000);
});

it('an installer, and a worker, whose owner was killed end when the next control plane starts', async (context) => {
  const place = await makeLocalPlace();
  context.after(() => place.close());
  const orphans = [{ SPELL_PROCESS: 'tool' }, { SPELL_WORKER: 'left' }].map((mark) => {
    const child = spawn('sleep', ['1000'], { env: { PATH: process.env.PATH, SPELL_HOME: place.home, ...mark }, stdio: 'ignore' });
    context.after(() => child.kill('SIGKILL'));
    return child.pid ?? 0;
  });
  await eventually(async () => assert.equal((await findProcesses(place.home)).length, 2), 5000);
  const platform = place.open();
  await platform.start();
  assert.deepEqual(orphans.filter(isAlive), []);
  await platform.stop('all');
});

it('a damaged note of what the gateway was told, of interpreters or of the port only means to begin anew', async (context) => {
  const place = await makeLocalPlace();
  context.after(() => place.close());
  const platform = place.open();
  await platform.start();
  await platform.stop('all');
  for (const file of ['told.json', 'interpreters.json', 'port', 'gateway.json']) await writeFile(join(place.home, 'local', file), '{"half');
  const again = place.open();
  const watcher = new Watcher(again);
  await again.start();
  await again.apply(serving('anew', 1, { 1: await putProject(place.shelf) }));
  await watcher.ready('anew', 1);
  watcher.end();
  await again.stop('all');
});
