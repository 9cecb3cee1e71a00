import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ServeRequest } from '../../../api/objects.ts';
import { type Ended, fakeControlPlane, makeCommand } from '../../testing.ts';

const predictor =
  'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return payload\n';

/** What `spell server serve …` sends, in a folder with `p.py` and these files. */
async function served(t: TestContext, args: string[], files: Record<string, string> = {}): Promise<Ended & { bodies: ServeRequest[] }> {
  const { spell, home, cwd } = await makeCommand(t);
  const modelServer = { url: 'http://127.0.0.1:1/local/x' };
  const plane = await fakeControlPlane(t, home, {
    'POST /contents/missing': { missing: [] },
    'POST /model-servers/preview': { action: 'create', changes: [] },
    'POST /model-servers': { operation: 'none/x', revision: null, since: 0, modelServer },
  });
  for (const [path, text] of Object.entries({ 'p.py': predictor, ...files })) {
    await mkdir(join(cwd, path, '..'), { recursive: true });
    await writeFile(join(cwd, path), text);
  }
  const ended = await spell(['server', 'serve', '--python', process.execPath, ...args], { env: { PATH: '' } });
  const bodies = plane.asked.filter(({ path }) => path === '/model-servers').map(({ body }) => body as ServeRequest);
  return { ...ended, bodies };
}

test('the last argument is the entrypoint, those before it are models', async (t) => {
  const { bodies } = await served(t, ['--name', 'x', 'a:v1', 'b', 'p.py']);
  assert.deepEqual([bodies[0]?.settings.model, bodies[0]?.settings.entrypoint], [['a:v1', 'b'], 'p.py']);
});

test('with --entrypoint all arguments are models; models are named in one way', async (t) => {
  const { bodies } = await served(t, ['a:v1', '--entrypoint', 'p.py']);
  assert.deepEqual([bodies[0]?.name, bodies[0]?.settings.model], ['a', ['a:v1']]);
  assert.equal((await served(t, ['a', 'p.py', '--model', 'b'])).status, 2);
});

test('flags win over the file; its documents are several servers', async (t) => {
  const yaml = 'server-name: x\nentrypoint: p.py\nmin-pods: 2\nmax-queue: 5\n---\nserver-name: y\nentrypoint: p.py\n';
  const { bodies, stdout } = await served(t, ['--from-file', 'conf/s.yaml', '--min-pods', '3'], {
    'conf/s.yaml': yaml,
    'conf/p.py': predictor,
  });
  const said = bodies.map(({ name, settings }) => [name, settings['min-pods'], settings['max-queue']]);
  assert.deepEqual(said, [
    ['x', 3, 5],
    ['y', 3, undefined],
  ]);
  assert.equal(stdout, 'http://127.0.0.1:1/local/x/predict\n'.repeat(2));
});

test('without arguments ./spell.yaml is served; with an entrypoint it is ignored; without either there is nothing to serve', async (t) => {
  const yaml = { 'spell.yaml': 'server-name: from-file\nentrypoint: p.py\nmin-pods: 7\n' };
  assert.equal((await served(t, [], yaml)).bodies[0]?.name, 'from-file');
  const beside = await served(t, ['--name', 'x', 'p.py'], yaml);
  assert.deepEqual([beside.bodies[0]?.name, beside.bodies[0]?.settings['min-pods']], ['x', undefined]);
  const nothing = await served(t, []);
  assert.deepEqual([nothing.status, /spell\.yaml/.test(nothing.stderr)], [2, true]);
});

test('two documents of one name are refused before anything is sent', async (t) => {
  const { status, bodies } = await served(t, ['--name', 'x'], { 'spell.yaml': 'entrypoint: p.py\n---\nentrypoint: p.py\n' });
  assert.deepEqual([status, bodies], [2, []]);
});

test('every wrong value names its flag: 2', async (t) => {
  for (const [args, says] of [
    [['--min-pods', 'two'], /error: --min-pods: "two" is not a number\nhint: /],
    [['-e', 'NOVALUE'], /error: --env: "NOVALUE" has no "="\nhint: .*NAME=VALUE/],
    [['--config', 'missing.yaml'], /error: --config: there is no file/],
    [['--name', 'a--b'], /error: --name: .*a--b.*side by side/],
    [['--python', 'python9'], /error: --python: "python9" is not on PATH/],
  ] as const) {
    const { status, stderr, bodies } = await served(t, ['--name', 'x', ...args, 'p.py']);
    assert.deepEqual([status, bodies], [2, []]);
    assert.match(stderr, says);
  }
});

test('a mistake in the predictor or its config is told before anything is sent; --no-check goes on', async (t) => {
  const mistaken = { 'p.py': predictor.replace('self, payload', 'self') };
  const refused = await served(t, ['--name', 'x', 'p.py'], mistaken);
  assert.deepEqual([refused.status, refused.bodies], [1, []]);
  assert.match(
    refused.stderr,
    /^error: p\.py:5:9: `predict` of Predictor has no parameter for the payload \[predict-arguments\]\nhint: .*--no-check/,
  );
  assert.equal((await served(t, ['--name', 'x', '--no-check', 'p.py'], mistaken)).bodies.length, 1);
  const config = await served(t, ['--name', 'x', '--config', 'c.yaml', 'p.py'], { 'c.yaml': 'limit: 3\n' });
  assert.deepEqual([config.status, config.bodies], [1, []]);
  assert.match(config.stderr, /c\.yaml:1:1: the config has the key `limit`/);
});

test('what is only unwise does not keep anybody from serving', async (t) => {
  const unwise = { 'p.py': predictor.replace('        return', '        self.last = payload\n        return') };
  assert.equal((await served(t, ['--name', 'x', 'p.py'], unwise)).bodies.length, 1);
});
