import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome, type TestHome } from '../harness/home.ts';

// The specification's "Enabling server-side batching" and "Using server-side batching with Starlette requests": its
// samples with their evident meaning, through the real command and endpoint.

const samples = fileURLToPath(new URL('./samples', import.meta.url));
const sample = (name: string): string => join(samples, name, 'predictor.py');

interface Described {
  batching: { policy: string; why: string; maxBatchSize: number; requestTimeout: number | null; isolation: boolean } | null;
}

describe('the specification on batching', () => {
  let home: TestHome;
  before(async () => {
    home = await makeHome();
  });
  after(() => home.close());

  const serve = async (...args: string[]): Promise<string> => {
    const stdout = await home.ok(['server', 'serve', ...args]);
    return stdout.trim().split('\n').at(-1) ?? '';
  };
  const described = async (name: string): Promise<Described['batching']> =>
    (await home.json<Described>(['server', 'describe', name])).batching;

  it('--enable-batching: predict receives a list, results go to their requests in order, each by the unbatched table', async () => {
    const url = await serve('--name', 'batching', '--enable-batching', sample('batching'));
    const answers = await Promise.all(Array.from({ length: 40 }, (_, x) => predict(url, { x, want: x === 7 ? 'response' : 'dict' })));
    for (const [x, answer] of answers.entries()) {
      if (x === 7) {
        assert.deepEqual([answer.status, answer.text], [202, 'own']);
        continue;
      }
      const { size, ...rest } = answer.json<{ size: number }>();
      assert.deepEqual(rest, { type: 'dict', x });
      assert.ok(size >= 1 && size <= 100);
    }
    const batching = await described('batching');
    assert.deepEqual([batching?.policy, batching?.maxBatchSize, batching?.isolation], ['adaptive', 100, true]);
    const [titles, ...rows] = (await home.ok(['server', 'batches', 'batching'])).trimEnd().split('\n');
    assert.match(titles ?? '', /^BATCH +POD +BEGAN +SIZE +REASON +AFTER +WAITED +PREDICT +OUTCOME$/);
    assert.ok(rows.length > 0);
    for (const row of rows) assert.match(row, /^w0-[0-9]+ +batching-1-\w+ .* (full|worker-free) +(-|w0-[0-9]+) .* [0-9]+ answered$/);
  });

  it('--request-timeout alone enables it, with the window of the specification: a full batch goes at once, the rest waits', async () => {
    const url = await serve('--name', 'window', '--max-batch-size', '4', '--request-timeout', '3000', sample('batching'));
    const batching = await described('window');
    assert.deepEqual([batching?.policy, batching?.maxBatchSize, batching?.requestTimeout], ['fixed', 4, 3000]);
    assert.match(batching?.why ?? '', /request-timeout/);
    assert.match(await home.ok(['server', 'describe', 'window']), /Batching +fixed: request-timeout is set .*\n +at most 4 .* 3000 ms/);
    const timed = async (count: number): Promise<number> => {
      const began = performance.now();
      const answers = await Promise.all(Array.from({ length: count }, (_, x) => predict(url, { x, want: 'dict' })));
      for (const answer of answers) assert.equal(answer.json<{ size: number }>().size, count);
      return performance.now() - began;
    };
    assert.ok((await timed(4)) < 2900);
    assert.ok((await timed(3)) > 2990);
  });

  it('update changes it, --disable-batching turns it off, and either number turns it on again', async () => {
    await home.ok(['server', 'update', 'window', '--batch-policy', 'adaptive', '--batch-isolation', 'off']);
    const adaptive = await described('window');
    assert.deepEqual([adaptive?.policy, adaptive?.maxBatchSize, adaptive?.isolation], ['adaptive', 4, false]);
    await home.ok(['server', 'update', 'window', '--disable-batching']);
    assert.equal(await described('window'), null);
    await home.ok(['server', 'update', 'window', '--max-batch-size', '8']);
    assert.deepEqual((await described('window'))?.maxBatchSize, 8);
    const wrong = await home.spell(['server', 'update', 'window', '--batch-policy', 'eager']);
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /error: --batch-policy: "eager" is none of adaptive, fixed\nhint: /);
    assert.equal((await home.spell(['server', 'update', 'window', '--enable-batching', '--disable-batching'])).status, 2);
  });

  it('prepare has the signature of an unbatched predict, sends errors straight back, and its values form the batch', async () => {
    const url = await serve('--name', 'prepared', '--enable-batching', '--max-batch-size', '8', sample('batching-prepare'));
    const bad = await predict(url, { y: 1 });
    assert.deepEqual([bad.status, bad.text], [400, 'Bad data sent!']);
    const first = await predict(url, { x: 1 }, { 'x-agent': 'me' });
    assert.deepEqual(first.json(), { x: 1, method: 'POST', agent: 'me', doubled: 2, size: 1, seen: [] });
    await eventually(async () => {
      const later = await predict(url, { x: 2 }, { 'x-agent': 'me' });
      assert.ok(later.json<{ seen: number[] }>().seen.includes(1), 'its background task has run');
    }, 5000);
    const answers = await Promise.all(Array.from({ length: 30 }, (_, x) => predict(url, { x }, { 'x-agent': `a${x}` })));
    for (const [x, answer] of answers.entries()) {
      const { doubled, agent } = answer.json<{ doubled: number; agent: string }>();
      assert.deepEqual([doubled, agent], [2 * x, `a${x}`]);
    }
  });

  it('a batched predict that asks for the Request does not start, and the error says to use prepare', async () => {
    const ended = await home.spell(['server', 'serve', '--name', 'full', '--enable-batching', sample('full-request')]);
    assert.equal(ended.status, 1);
    assert.match(ended.stderr, /asks for the Request by `\w+`, but batching is on/);
    assert.match(ended.stderr, /prepare/);
  });
});
