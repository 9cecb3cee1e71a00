import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ModelServer } from '../api/objects.ts';
import { fakeControlPlane, makeCommand } from './testing.ts';

const createdAt = '2026-01-01T00:00:00.000Z';
const digits: ModelServer = {
  name: 'digits',
  owner: 'local',
  state: 'running',
  url: 'http://127.0.0.1:1/local/digits',
  pods: { ready: 1, total: 2 },
  revision: 2,
  models: ['digits:v1'],
  createdAt,
  curl: 'curl …',
  reason: null,
  failure: null,
  rollout: { state: 'complete', revision: 2, reason: null, stage: null, failure: null, log: [], servedFrom: null },
  spec: { 'min-pods': 2, env: { TOKEN: '•••' } },
  paths: 'namespace',
  python: '/usr/bin/python3',
  servedFrom: null,
  creator: 'ada',
  batching: null,
  scaling: null,
  podList: [
    { id: 'digits-2-a', revision: 2, state: 'ready', reason: null, createdAt, readyAt: createdAt, restarts: 0, workers: [{ pid: 7 }] },
  ],
};

describe('what fails says what, why and what next, with its exit status', () => {
  test('wrong usage: 2', async (t) => {
    const { spell } = await makeCommand(t);
    assert.deepEqual(await spell(['server', 'lst']), {
      status: 2,
      stdout: '',
      stderr: 'error: there is no command `spell server lst`\nhint: did you mean `spell server list`?\n',
    });
    assert.equal((await spell(['server', 'list', '-o', 'xml'])).status, 2);
    assert.equal((await spell(['server', 'list', '--owner', 'a b'])).status, 2);
  });

  test('with -o json it is one object on stderr, also before the command line is understood', async (t) => {
    const { spell } = await makeCommand(t);
    for (const args of [
      ['server', 'lst', '-o', 'json'],
      ['--output=json', 'server', 'list', '--nope'],
      ['status', '-o', 'json'],
    ]) {
      const { stdout, stderr } = await spell(args);
      assert.equal(stdout, '');
      const { error } = JSON.parse(stderr) as { error: Record<string, string> };
      assert.deepEqual(Object.keys(error), ['code', 'message', 'hint']);
    }
  });

  test("the control plane's not-found: 3", async (t) => {
    const { spell, home } = await makeCommand(t);
    await fakeControlPlane(t, home);
    assert.equal((await spell(['server', 'describe', 'nowhere'])).status, 3);
  });

  test('a context that does not exist: 3; one without its token: 2; a verb of this machine for another one: 2', async (t) => {
    const { spell } = await makeCommand(t);
    assert.equal((await spell(['server', 'list', '--context', 'prod'])).status, 3);
    const env = { SPELL_API_URL: 'https://spell.example:1' };
    const noToken = await spell(['server', 'list'], { env });
    assert.deepEqual([noToken.status, /SPELL_TOKEN/.test(noToken.stderr)], [2, true]);
    const remote = await spell(['down'], { env: { ...env, SPELL_TOKEN: 't' } });
    assert.deepEqual([remote.status, /--context local/.test(remote.stderr)], [2, true]);
  });

  test('what needs a running control plane and starts none: 1; a build that is missing: 1', async (t) => {
    const { spell } = await makeCommand(t);
    for (const verb of ['status', 'events']) {
      const { status, stderr } = await spell([verb]);
      assert.equal(status, 1);
      assert.match(stderr, /^error: no control plane runs in .*\nhint: .*spell up/);
    }
    assert.match((await spell(['server', 'list'])).stderr, /hint: .*npm run build/);
  });

  test('a defect shows no stack trace, unless SPELL_DEBUG asks for it', async (t) => {
    const { spell, home } = await makeCommand(t);
    const broken = (_: unknown, response: ServerResponse): unknown => response.end('[{"owner":"local"}]');
    await fakeControlPlane(t, home, { 'GET /model-servers': broken });
    const { status, stderr } = await spell(['server', 'list']);
    assert.equal(status, 1);
    assert.doesNotMatch(stderr, /\n\s+at /);
    assert.match((await spell(['server', 'list'], { env: { SPELL_DEBUG: '1' } })).stderr, /\n\s+at /);
  });

  test('a question without a terminal: 2 with --yes as the hint, and nothing is done; --yes answers it', async (t) => {
    const { spell, home } = await makeCommand(t);
    const plane = await fakeControlPlane(t, home, { 'GET /models/cifar': [{}], 'DELETE /models/cifar': null });
    const asked = await spell(['model', 'rm', 'cifar']);
    assert.equal(asked.status, 2);
    assert.match(asked.stderr, /error: .*remove the model cifar.*\nhint: .*--yes/);
    assert.ok(!plane.asked.some(({ method }) => method === 'DELETE'));
    assert.equal((await spell(['model', 'rm', 'cifar', '--yes'])).status, 0);
    assert.ok(plane.asked.some(({ method }) => method === 'DELETE'));
  });

  test('verbs of a cluster say that they need one, whatever they are called with: 1', async (t) => {
    const { spell } = await makeCommand(t);
    const { status, stderr } = await spell(['kube-cluster', 'create', '--name', 'x', 'y']);
    assert.equal(status, 1);
    assert.match(stderr, /needs a Kubernetes context/);
  });
});

describe('what is printed', () => {
  test('a table is aligned, one line an object; json is the objects', async (t) => {
    const { spell, home } = await makeCommand(t);
    const longer = { ...digits, name: 'a-longer-name', url: `${digits.url}-too`, createdAt: new Date().toISOString() };
    await fakeControlPlane(t, home, { 'GET /model-servers': [digits, longer, { ...digits, owner: 'ada' }] });
    const { stdout } = await spell(['server']);
    assert.match(
      stdout,
      /^NAME {11}URL {34}PODS \(READY\/TOTAL\) {2}AGE\ndigits {9}http:\/\/127.0.0.1:1\/local\/digits {6}1\/2 {17}\d+d\na-longer-name {2}http:\/\/127.0.0.1:1\/local\/digits-too {2}1\/2 {17}\d+s\n$/,
    );
    assert.deepEqual(JSON.parse((await spell(['server', 'list', '-o', 'json'])).stdout), [digits, longer]);
    assert.equal((JSON.parse((await spell(['server', 'list', '-o', 'json', '--owner', 'ada'])).stdout) as unknown[]).length, 1);
  });

  test('describe shows why, where and what is set', async (t) => {
    const { spell, home } = await makeCommand(t);
    const reason = "KeyError: 'missing'";
    const failure = { code: 'init-raised', message: 'm', hint: 'look there', file: 'predictor.py', line: 6, class: 'Predictor' };
    const rollout = {
      state: 'failed',
      revision: 2,
      reason,
      stage: null,
      failure,
      servedFrom: null,
      log: ['loading', 'Traceback …'],
    } as const;
    const failed: ModelServer = { ...digits, state: 'failed', reason, failure, rollout: { ...rollout, log: [...rollout.log] } };
    const plane = await fakeControlPlane(t, home, { 'GET /model-servers/local/digits': failed });
    const { stdout } = await spell(['server', 'describe', 'digits']);
    assert.match(stdout, /^State +failed\nReason +KeyError: 'missing'\nWhere +predictor\.py:6\nHint +look there$/m);
    assert.match(stdout, /^Rollout +failed, revision 2\nLog +loading\n +Traceback …$/m);
    assert.match(stdout, /^Settings +min-pods {2}2\n +env {7}\{"TOKEN":"•••"\}$/m);
    assert.match(stdout, /^Pods +1\/2 ready\n +digits-2-a {2}revision 2 {2}ready {2}0 restarts {2}pids 7$/m);
    // An update that failed, while the former revision runs.
    plane.answers['GET /model-servers/local/digits'] = { ...failed, state: 'running', reason: null, failure: null };
    const updated = (await spell(['server', 'describe', 'digits'])).stdout;
    assert.match(updated, /^Rollout +failed, revision 2\n +KeyError: 'missing'\n +predictor\.py:6\n +look there\nLog +loading$/m);
  });

  test('a control plane of another version is said once, on stderr', async (t) => {
    const { spell, home } = await makeCommand(t);
    const plane = await fakeControlPlane(t, home, { 'GET /model-servers': [digits] });
    plane.answers['GET /status'] = { ...(plane.answers['GET /status'] as object), version: '0.0.1' };
    const { stdout, stderr } = await spell(['server', 'list']);
    assert.match(stderr, /^the control plane that runs is version 0\.0\.1, this command development; `spell down` .*\n$/);
    assert.doesNotMatch(stdout, /version/);
    assert.equal((await spell(['server', 'list', '--quiet'])).stderr, '');
  });

  test('what removes says what it removed, also as json', async (t) => {
    const { spell, home } = await makeCommand(t);
    const path = '/model-servers/local/digits';
    await fakeControlPlane(t, home, { [`GET ${path}`]: { ...digits, state: 'stopped' }, [`DELETE ${path}`]: null });
    assert.deepEqual(await spell(['server', 'rm', 'digits', '--yes']), { status: 0, stdout: '', stderr: 'removed digits\n' });
    assert.deepEqual(JSON.parse((await spell(['server', 'rm', 'digits', '-f', '-o', 'json'])).stdout), { removed: 'digits' });
  });

  test('logs of a pod that never was: 3; of one that printed nothing: nothing', async (t) => {
    const { spell, home } = await makeCommand(t);
    const path = 'GET /model-servers/local/digits';
    await fakeControlPlane(t, home, {
      [`${path}/logs`]: (_: unknown, response: ServerResponse) => response.end(),
      [`${path}/pods`]: digits.podList,
    });
    assert.equal((await spell(['server', 'logs', 'digits', '-p', 'digits-2-a'])).status, 0);
    const { status, stderr } = await spell(['server', 'logs', 'digits', '-p', 'digits-2-b']);
    assert.deepEqual([status, stderr], [3, 'error: digits has no pod "digits-2-b"\nhint: did you mean digits-2-a?\n']);
  });

  test('help goes to stdout with status 0, for all, for a group, for a command, in every way it is asked', async (t) => {
    const { spell } = await makeCommand(t);
    const [bare, flag, verb] = await Promise.all([spell([]), spell(['--help']), spell(['help'])]);
    assert.deepEqual([bare, flag], [verb, verb]);
    assert.match(bare.stdout, /^usage: spell COMMAND/);
    assert.match((await spell(['server', '--help'])).stdout, /^ {2}serve +Serves a predictor file/m);
    assert.deepEqual(await spell(['help', 'server', 'rm']), await spell(['server', 'rm', '-h']));
  });

  test('the version, as people and as programs ask for it', async (t) => {
    const { spell } = await makeCommand(t);
    assert.match((await spell(['--version'])).stdout, /^spell /);
    assert.ok('version' in (JSON.parse((await spell(['version', '-o', 'json'])).stdout) as object));
  });

  test('node-group list shows this machine', async (t) => {
    const { spell } = await makeCommand(t);
    assert.match((await spell(['node-group', 'list'])).stdout, /^default +this machine +- +1 +1$/m);
  });
});

describe('the endpoint', () => {
  test('predict sends JSON, a file or standard input, and prints the answer', async (t) => {
    const { spell, home, cwd } = await makeCommand(t);
    const bodies: unknown[] = [];
    const plane = await fakeControlPlane(t, home);
    const echo = ({ body }: { body: unknown }, response: ServerResponse): void => {
      bodies.push(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    Object.assign(plane.answers, {
      'GET /model-servers/local/digits': { ...digits, url: `${plane.url}/local/digits` },
      'POST /local/digits/predict': echo,
    });
    await writeFile(join(cwd, 'payload.json'), '{"from":"file"}');
    assert.equal((await spell(['server', 'predict', 'digits', '--json', '{"a":1}'])).stdout, '{"a":1}\n');
    await spell(['server', 'predict', 'digits', '--json', 'payload.json']);
    await spell(['server', 'predict', 'digits'], { input: '{"from":"stdin"}' });
    assert.deepEqual(bodies, [{ a: 1 }, { from: 'file' }, { from: 'stdin' }]);
    assert.equal((await spell(['server', 'predict', 'digits', '--json', 'no json'])).status, 2);
  });

  test("an error of the endpoint is told with its code: the gateway's own, or the predictor's", async (t) => {
    const { spell, home } = await makeCommand(t);
    const plane = await fakeControlPlane(t, home);
    const full = (_: unknown, response: ServerResponse): void =>
      void response.writeHead(429, { 'x-request-id': 'r1' }).end('{"error":{"code":"queue-full","message":"its queue is full"}}');
    Object.assign(plane.answers, {
      'GET /model-servers/local/digits': { ...digits, url: `${plane.url}/local/digits` },
      'POST /local/digits/predict': full,
      'GET /local/digits/health': (_: unknown, response: ServerResponse): unknown => response.writeHead(503).end('warming up'),
    });
    const refused = await spell(['server', 'predict', 'digits', '--json', '1', '-o', 'json']);
    assert.equal(refused.status, 1);
    assert.equal((JSON.parse(refused.stderr) as { error: { code: string } }).error.code, 'queue-full');
    const ill = await spell(['server', 'healthcheck', 'digits']);
    assert.deepEqual([ill.status, /error: .*503.*warming up/.test(ill.stderr)], [1, true]);
  });
});
