import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod/mini';
import { event } from '../../runtime/api/events.ts';
import {
  logLine,
  type ModelServer,
  modelServer,
  modelServerSummary,
  modelSummary,
  modelVersion,
  pod,
  resource,
  revision,
  status,
} from '../../runtime/api/objects.ts';
import { requestRecord, trafficSummary } from '../../runtime/api/traffic.ts';
import { makeHome, type TestHome } from '../harness/home.ts';

// The life of a model server by the command alone, as a person or a script would live it: each verb's text, and the
// object that `-o json` promises (`spec/surfaces.md` §2), checked against the schemas of the API.

const predictor = `
import os

from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self, greeting="hello"):
        print("loaded", open("/model/weights.txt").read())
        self.greeting = greeting

    def predict(self, payload):
        print("predicting", payload["name"])
        return {"text": f"{self.greeting} {payload['name']}", "mode": os.environ.get("MODE")}
`;

describe('the life of a model server', () => {
  let home: TestHome;
  const inHome = (path: string): string => join(home.folder, path);
  before(async () => {
    home = await makeHome();
    await mkdir(inHome('project'));
    await mkdir(inHome('weights/old'), { recursive: true });
    await writeFile(inHome('project/predictor.py'), predictor);
    await writeFile(inHome('weights/weights.txt'), 'w1');
    await writeFile(inHome('weights/old/weights.txt'), 'w0');
    await writeFile(inHome('project/config.yaml'), 'greeting: good day\n');
  });
  after(() => home.close());

  const described = (): Promise<ModelServer> => home.json<ModelServer>(['server', 'describe', 'greeter']);
  const ask = async (): Promise<{ text: string; mode: string | null }> =>
    JSON.parse(await home.ok(['server', 'predict', 'greeter', '--json', '{"name": "Ada"}'])) as { text: string; mode: string | null };

  it('upload, ls, cp: a folder goes there and comes back', async () => {
    assert.equal(await home.ok(['upload', 'weights']), 'uploads/weights\n');
    const [listed] = z.array(resource).parse(await home.json(['ls']));
    assert.deepEqual([listed?.path, listed?.files, listed?.size], ['uploads/weights', 2, 4]);
    assert.match(await home.ok(['ls', 'uploads/weights']), /^2 B +\S+ \S+ +uploads\/weights\/old\/$/m);
    await home.ok(['cp', 'uploads/weights/old', 'back']);
    assert.equal(await readFile(inHome('back/weights.txt'), 'utf8'), 'w0');
  });

  it('model create, list, describe: numbers count by themselves, names stand beside them', async () => {
    assert.equal(await home.ok(['model', 'create', 'greeter', 'uploads/weights', '--file', 'weights.txt']), 'greeter:v1\n');
    const created = await home.json([
      'model',
      'create',
      'greeter:demo',
      'uploads/weights',
      '-f',
      'old/weights.txt:weights.txt',
      '-d',
      'the old one',
    ]);
    assert.equal(modelVersion.parse(created).custom, 'demo');
    assert.match(await home.ok(['model']), /^NAME +LATEST VERSION +CREATED +CREATOR\ngreeter +demo \(v2\) +just now +\S+\n$/);
    z.array(modelSummary).parse(await home.json(['model', 'list']));
    assert.match(
      await home.ok(['model', 'describe', 'greeter']),
      /^VERSION +RESOURCE +FILES +CREATED +CREATOR\ndemo \(v2\) +uploads\/weights +old\/weights\.txt:weights\.txt .*\nv1 +uploads\/weights +weights\.txt /,
    );
    assert.equal(z.array(modelVersion).parse(await home.json(['model', 'describe', 'greeter'])).length, 2);
    assert.equal(modelVersion.parse(await home.json(['model', 'describe', 'greeter:demo'])).version, 2);
    await home.ok(['model', 'create', 'uploads/weights']);
    await home.ok(['model', 'rm', 'weights', '--yes']);
    assert.equal((await home.spell(['model', 'describe', 'weights'])).status, 3);
  });

  it('serve prints the stages on stderr, and the predict URL as its last line on stdout', async () => {
    const served = await home.spell([
      'server',
      'serve',
      'greeter:v1',
      'project/predictor.py',
      '--config',
      'project/config.yaml',
      '-e',
      'MODE=a=b',
    ]);
    assert.equal(served.status, 0, served.stderr);
    assert.match(served.stdout, /^http:\/\/127\.0\.0\.1:\d+\/local\/greeter\/predict\n$/);
    assert.match(served.stderr, /revision 1 answers/);
    assert.deepEqual(await ask(), { text: 'good day Ada', mode: 'a=b' });
    assert.match(await home.ok(['server', 'healthcheck', 'greeter']), /"status": ?"ok"/);
  });

  it('list, describe, status, revisions, logs show it, in both forms', async () => {
    assert.match(
      await home.ok(['server', 'list']),
      /^NAME +URL +PODS \(READY\/TOTAL\) +AGE\ngreeter +http:\S+\/local\/greeter +1\/1 +\d+s\n$/,
    );
    z.array(modelServerSummary).parse(await home.json(['server', 'list']));
    const server = modelServer.parse(await home.json(['server', 'describe', 'greeter']));
    assert.deepEqual([server.models, server.state, server.curl.includes(`${server.url}/predict`)], [['greeter:v1'], 'running', true]);
    assert.doesNotMatch(JSON.stringify(server.spec), /a=b/, 'values of env are secrets');
    const [only] = z.array(pod).parse(await home.json(['server', 'status', 'greeter']));
    assert.match(await home.ok(['server', 'status', 'greeter']), new RegExp(`^POD ID +CREATED AT +READY AT\n${only?.id} +`));
    assert.match(await home.ok(['server', 'revisions', 'greeter']), /^REVISION +STATE +CREATED +CREATOR +CHANGES +REASON\n1 +active +/);
    const lines = z.array(logLine).parse(await home.json(['server', 'logs', 'greeter']));
    assert.ok(lines.some(({ text, requestId }) => text === 'predicting Ada' && requestId !== null));
    assert.match(
      await home.ok(['server', 'logs', 'greeter', '--tail', '1', '-p', only?.id ?? '']),
      new RegExp(`^${only?.id}/0 +predicting Ada\n$`),
    );
  });

  it('what became of its requests is told, each and in sum', async () => {
    const [last] = z.array(requestRecord).parse(await home.json(['server', 'requests', 'greeter', '--last', '1']));
    assert.deepEqual([last?.status, last?.cause, last?.batch], [200, 'answered', null]);
    assert.match(await home.ok(['server', 'requests', 'greeter']), /^ID +ENDED +STATUS +CAUSE .*\n\S+ .* 200 +answered +/);
    assert.deepEqual(await home.json(['server', 'batches', 'greeter']), []);
    const { traffic } = await home.json<{ traffic: unknown }>(['server', 'describe', 'greeter']);
    const { requests, answers, stages } = trafficSummary.parse(traffic);
    assert.deepEqual(answers, [{ status: 200, cause: 'answered', count: requests }]);
    assert.equal(stages.predict?.count, requests);
    assert.match(await home.ok(['server', 'describe', 'greeter']), /^Latency +ms +mean +p50 +p90 +p95 +p99$/m);
  });

  it('serve of a name that exists is refused, with the verb that was meant', async () => {
    const { status: exit, stderr } = await home.spell(['server', 'serve', 'greeter', 'project/predictor.py']);
    assert.equal(exit, 1);
    assert.match(stderr, /hint: .*spell server update greeter/);
  });

  it('update changes what is said and keeps the rest; rollback goes back', async () => {
    await home.ok(['server', 'update', 'greeter', '--model', 'greeter:demo', '--unset', 'env', '--min-pods', '2']);
    const updated = await described();
    assert.deepEqual([updated.revision, updated.models, updated.pods.total], [2, ['greeter:v2'], 2]);
    assert.deepEqual(await ask(), { text: 'good day Ada', mode: null });
    const listed = z.array(revision).parse(await home.json(['server', 'revisions', 'greeter']));
    assert.deepEqual(
      listed.map(({ revision: number, state }) => [number, state]),
      [
        [2, 'active'],
        [1, 'retired'],
      ],
    );
    await home.ok(['server', 'update', 'greeter', '--env', 'MODE=s3cret', '--detach']);
    for (const command of ['describe', 'revisions', 'export', 'status', 'logs'])
      assert.doesNotMatch(await home.ok(['server', command, 'greeter', '-o', 'json']), /s3cret|a=b/, command);
    assert.doesNotMatch(await home.ok(['events', '--since', '0', '-o', 'json']), /s3cret|a=b/);
    for (const log of ['spelld.log', 'gateway.log'])
      assert.doesNotMatch(await readFile(join(home.home, 'logs', log), 'utf8').catch(() => ''), /s3cret|a=b/, log);
    await home.ok(['server', 'rollback', 'greeter', '--to', '1']);
    assert.deepEqual([(await described()).revision, (await ask()).mode], [1, 'a=b']);
    const nothing = await home.spell(['server', 'update', 'greeter', '--predict-timeout', '60']);
    assert.deepEqual([nothing.status, /nothing had to change/.test(nothing.stderr)], [0, true]);
  });

  it('stop answers 503 and keeps everything, start brings it back, rm wants it stopped', async () => {
    assert.equal((await home.spell(['server', 'rm', 'greeter', '--yes'])).status, 1);
    await home.ok(['server', 'stop', 'greeter']);
    assert.equal((await described()).state, 'stopped');
    const refused = await home.spell(['server', 'predict', 'greeter', '--json', '{}', '-o', 'json']);
    assert.equal((JSON.parse(refused.stderr) as { error: { code: string } }).error.code, 'stopped');
    assert.match(await home.ok(['server', 'start', 'greeter']), /\/local\/greeter\/predict\n$/);
    assert.equal((await ask()).text, 'good day Ada');
    await home.ok(['server', 'rm', '--force', 'greeter']);
    assert.equal((await home.spell(['server', 'describe', 'greeter'])).status, 3);
    assert.deepEqual(await home.json(['server', 'list']), []);
  });

  it('spell.yaml is served without arguments, all its documents or none', async () => {
    const one = (name: string, more = ''): string => `server-name: ${name}\nmodel: greeter\nentrypoint: predictor.py\n${more}`;
    const project = { cwd: inHome('project') };
    await writeFile(inHome('project/spell.yaml'), `${one('first')}---\n${one('second', 'min-pod: 2\n')}`);
    const wrong = await home.spell(['server', 'serve'], project);
    assert.deepEqual(
      [wrong.status, /spell\.yaml:8: .*"min-pod".*\nhint: did you mean min-pods/.test(wrong.stderr)],
      [2, true],
      wrong.stderr,
    );
    assert.deepEqual(await home.json(['server', 'list']), []);
    await writeFile(inHome('project/spell.yaml'), `${one('first')}---\n${one('second', 'config: {greeting: hi}\n')}`);
    const served = z.array(modelServer).parse(await home.json(['server', 'serve'], project));
    assert.deepEqual(
      served.map(({ name }) => name),
      ['first', 'second'],
    );
    assert.equal(
      (JSON.parse(await home.ok(['server', 'predict', 'second'], { input: '{"name": "Bob"}' })) as { text: string }).text,
      'hi Bob',
    );
  });

  it('events and status tell what happened and what runs', async () => {
    const told = z.array(event).parse(await home.json(['events', '--since', '0']));
    for (const type of ['spelld.started', 'resource.created', 'model.created', 'server.created', 'rollout.succeeded', 'server.removed']) {
      assert.ok(
        told.some((each) => each.type === type),
        type,
      );
    }
    assert.match(await home.ok(['events']), /^\d+ +\S+ \S+ +rollout\.succeeded +local\/second +revision 1/m);
    const now = status.parse(await home.json(['status']));
    assert.equal(now.home, home.home);
    assert.ok(now.disk > 0);
  });
});
