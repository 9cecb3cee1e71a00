import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import type { LogLine } from '../../runtime/api/objects.ts';
import { predict } from '../harness/endpoint.ts';
import { makeHome, spellStub, type TestHome } from '../harness/home.ts';

const predictor = (word: string, batched: boolean): string => `
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        print("${word}", payload, flush=True)
        return ${batched ? '[None for _ in payload]' : 'None'}
`;

describe('which lines of a log', () => {
  let home: TestHome;
  let url: string;
  before(async () => {
    home = await makeHome();
    await writeFile(join(home.folder, 'predictor.py'), predictor('first', false));
    url = (await home.ok(['server', 'serve', '--name', 'talker', 'predictor.py'])).trim();
    for (let number = 0; number < 20; number++) await predict(url, number, { 'x-request-id': `one-${number}` });
    await writeFile(join(home.folder, 'predictor.py'), predictor('second', true));
    const batching = ['--max-batch-size', '2', '--request-timeout', '10000'];
    await home.ok(['server', 'update', 'talker', '--entrypoint', 'predictor.py', ...batching]);
    await Promise.all(['a', 'b'].map((id) => predict(url, id, { 'x-request-id': `two-${id}` })));
  });
  after(() => home.close());

  const lines = async (...options: string[]): Promise<string[]> =>
    (await home.json<LogLine[]>(['server', 'logs', 'talker', ...options]))
      .filter(({ stream }) => stream === 'stdout')
      .map(({ text }) => text);

  it('those of a revision, also of one whose pods are gone', async () => {
    assert.equal((await lines('--revision', '1')).length, 20);
    assert.equal((await lines('--revision', '2')).length, 1);
    assert.deepEqual(await lines('--revision', '3'), []);
  });

  it('those that a pattern matches; so many of them as of all', async () => {
    assert.deepEqual(await lines('--grep', '^first 1\\d?$', '--tail', '2'), ['first 18', 'first 19']);
    assert.equal((await lines('--grep', 'first')).length, 20);
  });

  it('those of a request, and of the batch that it was in', async () => {
    assert.deepEqual(await lines('--request', 'one-7'), ['first 7']);
    const [together = ''] = await lines('--request', 'two-b');
    assert.match(together, /^second \['[ab]', '[ab]'\]$/);
    assert.deepEqual(await lines('--request', 'nobody'), []);
  });

  it('what is followed is chosen, too, and begins with what there is', async () => {
    const following = spawn(process.execPath, [spellStub, 'server', 'logs', 'talker', '-f', '--grep', 'second|word', '--tail', '5'], {
      env: { ...process.env, SPELL_HOME: home.home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const seen = createInterface({ input: following.stdout as Readable })[Symbol.asyncIterator]();
      assert.match((await seen.next()).value ?? '', /second \[/);
      await Promise.all(['x', 'a word'].map((payload) => predict(url, payload)));
      assert.match((await seen.next()).value ?? '', /a word/);
    } finally {
      following.kill();
    }
  });

  it('a pattern or a revision that is none is refused', async () => {
    const pattern = await home.spell(['server', 'logs', 'talker', '--grep', '(']);
    assert.equal(pattern.status, 2);
    assert.match(pattern.stderr, /--grep: "\(" is no pattern/);
    const revision = await home.spell(['server', 'logs', 'talker', '--revision', 'last']);
    assert.equal(revision.status, 2);
    assert.match(revision.stderr, /--revision: "last" is no revision/);
  });
});
