import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Answer, predict, request } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome, type TestHome } from '../harness/home.ts';

// The specification's own samples, word for word where they are valid Python and with their evident meaning where they
// are not, served by the real command and asked over the real endpoint. Batching, mounts and metrics have suites of
// their own.

const samples = fileURLToPath(new URL('./samples', import.meta.url));

describe('the specification', () => {
  let home: TestHome;
  before(async () => {
    home = await makeHome();
  });
  after(() => home.close());

  /** Serves a sample under its own name; returns the endpoint without its verb. */
  async function serve(sample: string, ...options: string[]): Promise<string> {
    const stdout = await home.ok(['server', 'serve', '--name', sample, ...options, join(samples, sample, 'predictor.py')]);
    const url = stdout.trim().split('\n').at(-1) ?? '';
    assert.match(url, new RegExp(`^http://127\\.0\\.0\\.1:[0-9]+/local/${sample}/predict$`));
    return url.slice(0, -'/predict'.length);
  }

  it('Core concepts: the smallest predictor answers curl -d with what predict returned', async () => {
    const url = await serve('core-concepts');
    const answer = await request(`${url}/predict`, {
      method: 'POST',
      body: '{"hello": "world"}',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.text, 'null');
  });

  it('Creating models: versions count up, a custom version is valid beside its number, --file chooses and renames', async () => {
    const run = join(home.folder, 'out');
    await mkdir(run);
    await writeFile(join(run, 'model.json'), '{"factor": 3}');
    await writeFile(join(run, 'context.json'), '{}');
    await writeFile(join(run, 'training.log'), 'not needed');
    await home.ok(['upload', run, '--name', 'first']);
    await home.ok(['model', 'create', 'mymodel', 'uploads/first']);
    await home.ok(['model', 'create', '--version', 'proof-of-concept', 'mymodel', 'uploads/first']);
    await home.ok(['model', 'create', '--file', 'model.json', '--file', 'context.json:notes/context.json', 'mymodel', 'uploads/first']);

    type Version = { version: number; custom: string | null; files: { source: string; path: string }[] };
    const versions = await home.json<Version[]>(['model', 'describe', 'mymodel']);
    assert.deepEqual(
      versions.map(({ version, custom }) => [version, custom]),
      [
        [3, null],
        [2, 'proof-of-concept'],
        [1, null],
      ],
    );
    assert.deepEqual(versions[0]?.files.map(({ source, path }) => [source, path]).sort(), [
      ['context.json', 'notes/context.json'],
      ['model.json', 'model.json'],
    ]);
    for (const name of ['v2', 'proof-of-concept']) {
      const one = await home.json<Version | Version[]>(['model', 'describe', `mymodel:${name}`]);
      assert.equal([one].flat()[0]?.version, 2);
    }
    const table = await home.ok(['model']);
    assert.match(table, /^NAME +LATEST VERSION +CREATED +CREATOR\nmymodel +v3 /);
    await home.ok(['model', 'rm', '--yes', 'mymodel:v1']);
    assert.equal((await home.spell(['model', 'describe', 'mymodel:v1'])).status, 3);
  });

  it('Creating model servers, and model metadata: the files are in /model/, model_info is there from __init__ on', async () => {
    const stdout = await home.ok(['server', 'serve', 'mymodel:proof-of-concept', join(samples, 'model-files', 'predictor.py')]);
    const url = stdout.trim().split('\n').at(-1) ?? '';
    assert.match(url, /\/local\/mymodel\/predict$/);
    const answer = await predict(url, { x: 14 });
    assert.equal(answer.status, 200, answer.text);
    const { version, fields, ...rest } = answer.json<{ version: string; fields: string[] }>();
    assert.deepEqual(rest, { answer: 42, name: 'mymodel', in_init: 'mymodel' });
    assert.deepEqual(fields, ['name', 'version']);
    assert.ok(['v2', 'proof-of-concept'].includes(version), version);
  });

  it('The return value is a dict, bytes, str or a Starlette response', async () => {
    const url = `${await serve('return-values')}/predict`;
    const types: [string, number, string, string][] = [
      ['dict', 200, 'application/json', '{"a":1}'],
      ['bytes', 200, 'application/octet-stream', '\0\u0001\u0002'],
      ['str', 200, 'text/plain; charset=utf-8', 'plain'],
      ['response', 418, 'application/json', '{"teapot":true}'],
      ['html', 200, 'text/html; charset=utf-8', '<p>hi</p>'],
    ];
    for (const [want, status, type, text] of types) {
      const answer = await predict(url, { want });
      assert.deepEqual([answer.status, answer.headers.get('content-type'), answer.text], [status, type, text]);
    }
    assert.equal((await predict(url, { want: 'response' })).headers.get('x-tea'), 'green');
  });

  it('Model servers have naming rules: each broken one is refused with the reason and starts nothing', async () => {
    for (const [name, reason] of [
      ['-first', /first character/],
      ['two--dashes', /side by side/],
      ['dot.-dash', /side by side/],
      ['sp ace', /character " "/],
      ['ümlaut', /character "ü"/],
    ] as const) {
      const ended = await home.spell(['server', 'serve', `--name=${name}`, join(samples, 'core-concepts', 'predictor.py')]);
      assert.equal(ended.status, 2, name);
      assert.match(ended.stderr, /^error: .*\nhint: /m);
      assert.match(ended.stderr, reason);
    }
  });

  it('Model servers are multi-processed: state in a predictor is not shared', async () => {
    const url = `${await serve('processes', '--num-processes', '2')}/predict`;
    const pids = new Map<number, number>();
    for (let round = 0; round < 200 && pids.size < 2; round++) {
      const answers = await Promise.all(Array.from({ length: 64 }, () => predict(url, {})));
      for (const answer of answers) {
        const { pid, seen } = answer.json<{ pid: number; seen: number }>();
        pids.set(pid, Math.max(seen, pids.get(pid) ?? 0));
      }
    }
    assert.equal(pids.size, 2);
  });

  it('Updating: everything but the name can change, and what is not mentioned stays', async () => {
    type Described = { revision: number; spec: Record<string, unknown> };
    const earlier = await home.json<Described>(['server', 'describe', 'processes']);
    await home.ok(['server', 'update', 'processes', '--description', 'counts']);
    const later = await home.json<Described>(['server', 'describe', 'processes']);
    assert.equal(later.revision, earlier.revision + 1);
    assert.deepEqual(later.spec, { ...earlier.spec, description: 'counts' });
  });

  it('Stopping and deleting: stop takes it off line, start brings it back, rm needs it stopped or --force', async () => {
    const url = (await home.json<{ url: string }>(['server', 'describe', 'core-concepts'])).url;
    const refused = await home.spell(['server', 'rm', '--yes', 'core-concepts']);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /must be stopped before it can be removed/);
    await home.ok(['server', 'stop', 'core-concepts']);
    assert.equal((await predict(`${url}/predict`, {})).status, 503);
    await home.ok(['server', 'start', 'core-concepts']);
    assert.equal((await predict(`${url}/predict`, {})).status, 200);
    await home.ok(['server', 'rm', '--yes', '--force', 'core-concepts']);
    assert.equal((await predict(`${url}/predict`, {})).status, 404);
  });

  it('Health checks: ok by default; an error or a non-2XX response is unhealthy, any other valid response is a 200', async () => {
    const plain = (await home.json<{ url: string }>(['server', 'describe', 'processes'])).url;
    assert.equal((await request(`${plain}/health`)).text, '{"status":"ok"}');
    const url = await serve('health-check');
    assert.deepEqual((await request(`${url}/health`)).json(), { mood: 'well' });
    await predict(`${url}/predict`, { mood: 'raises' });
    assert.equal((await request(`${url}/health`)).status, 503);
    await predict(`${url}/predict`, { mood: 'non-2xx' });
    assert.equal((await request(`${url}/health`)).status, 500);
    await predict(`${url}/predict`, { mood: 'bad' });
    const answer = await request(`${url}/health`);
    assert.deepEqual([answer.status, answer.json()], [200, { mood: 'bad' }]);
  });

  it('Non-JSON requests: a Request annotation receives the full request, on health too', async () => {
    const url = await serve('full-request');
    const answer = await request(`${url}/predict?q=why`, {
      method: 'POST',
      body: new Uint8Array([0xff, 0x00]),
      headers: { 'content-type': 'image/png' },
    });
    assert.deepEqual(answer.json(), { type: 'image/png', size: 2, query: 'why' });
    assert.deepEqual((await request(`${url}/health`)).json(), { path: '/local/full-request/health' });
  });

  it('Non-JSON requests: with_full_request does the same by name', async () => {
    const url = await serve('full-request-decorators');
    const answer = await request(`${url}/predict`, { method: 'POST', body: 'x', headers: { 'x-agent': '007' } });
    assert.deepEqual(answer.json(), { method: 'POST', agent: '007' });
    assert.deepEqual((await request(`${url}/health`)).json(), { path: '/local/full-request-decorators/health' });
  });

  for (const sample of ['background-tasks', 'background-tasks-decorators']) {
    it(`Background tasks run after the answer (${sample})`, async () => {
      const url = await serve(sample);
      const did = (answer: Answer, ...task: unknown[]): boolean => answer.text.includes(JSON.stringify(task));
      const first = await predict(`${url}/predict`, {});
      assert.equal(first.status, 200, first.text);
      assert.ok(!did(first, 'my_foo', 3));
      await eventually(async () => assert.ok(did(await request(`${url}/health`), 'my_foo', 3)), 5_000);
      await eventually(async () => assert.ok(did(await request(`${url}/health`), 'other_foo', 1)), 5_000);
    });
  }

  it('Async support: async methods run concurrently, and health may be async too', async () => {
    const url = await serve('async-support');
    const answers = await Promise.all(Array.from({ length: 8 }, () => predict(`${url}/predict`, { together: 8 })));
    assert.deepEqual(new Set(answers.map((answer) => answer.text)), new Set(['{"most":8}']));
    assert.deepEqual((await request(`${url}/health`)).json(), { path: '/local/async-support/health' });
  });

  it('Predictor configuration YAML: its keys are arguments of __init__', async () => {
    const url = await serve('configuration', '--config', join(samples, 'configuration', 'predict-config.yaml'));
    assert.deepEqual((await predict(`${url}/predict`, {})).json(), { use_feature_x: true, additional_info: { output_type: 'bytes' } });
  });

  it('Viewing logs: what a model server prints is kept, by pod', async () => {
    const lines = await home.ok(['server', 'logs', 'processes']);
    for (const worker of [0, 1]) assert.match(lines, new RegExp(`^processes-1-\\w+/${worker} +seen [0-9]+$`, 'm'));
  });
});
