import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { LogLine, ModelServer, Revision } from '../../runtime/api/objects.ts';
import { predict } from '../harness/endpoint.ts';
import { makeHome, type TestHome } from '../harness/home.ts';

const predictor = `
import os
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        if "TOKEN" in os.environ:
            print("signs in with", os.environ["TOKEN"])
            raise ValueError(f"the token {os.environ['TOKEN']!r} is refused")

    def predict(self, payload):
        return payload
`;

const secret = 'hunter2-\\-s3cret';

describe('a predictor that fails and quotes a value of --env', () => {
  let home: TestHome;
  before(async () => {
    home = await makeHome();
    await writeFile(join(home.folder, 'predictor.py'), predictor);
    await home.ok(['server', 'serve', '--name', 'signed', 'predictor.py']);
  });
  after(() => home.close());

  it('the update’s error, the events, what describes it and its own lines of the log have a mask in its place', async () => {
    const { status, stdout, stderr } = await home.spell(['server', 'update', 'signed', '--env', `TOKEN=${secret}`]);
    assert.equal(status, 1);
    assert.match(stderr, /raised ValueError: the token '\*\*\*' is refused/);
    const [failed] = await home.json<Revision[]>(['server', 'revisions', 'signed']);
    assert.match(failed?.reason ?? '', /the token '\*\*\*' is refused/);
    const { rollout } = await home.json<ModelServer>(['server', 'describe', 'signed']);
    assert.ok(rollout?.log.includes('signs in with ***'));
    const lines = await home.json<LogLine[]>(['server', 'logs', 'signed']);
    const ours = lines.filter(({ stream }) => stream === 'lifecycle').map(({ text }) => text);
    assert.ok(ours.some((text) => /^failed: .*'\*\*\*'/.test(text)));
    const told = [stdout, stderr, ...ours, await home.ok(['events']), await home.ok(['events', '-o', 'json'])];
    for (const verb of ['describe', 'revisions', 'status', 'export'])
      for (const output of [[], ['-o', 'json']]) told.push(await home.ok(['server', verb, 'signed', ...output]));
    for (const text of told) assert.doesNotMatch(text, /hunter2|s3cret/);
  });

  it('and so has the answer of an endpoint that never worked', async () => {
    await home.spell(['server', 'serve', '--name', 'never', '--env', `TOKEN=${secret}`, 'predictor.py']);
    const { url, reason } = await home.json<ModelServer>(['server', 'describe', 'never']);
    assert.match(reason ?? '', /the token '\*\*\*' is refused/);
    const { status, text } = await predict(`${url}/predict`, 1);
    assert.equal(status, 503);
    assert.doesNotMatch(text, /hunter2|s3cret/);
  });
});
