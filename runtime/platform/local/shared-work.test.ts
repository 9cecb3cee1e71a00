import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SharedWork, type Wanted } from './shared-work.ts';

const wanted = (): Wanted & { abort: AbortController; heard: string[] } => {
  const abort = new AbortController();
  const heard: string[] = [];
  return { abort, heard, signal: abort.signal, onProgress: (what) => heard.push(what) };
};

test('two who want the same share one run and both hear of its progress', async () => {
  const shared = new SharedWork<number>();
  const [first, second] = [wanted(), wanted()];
  const gate = Promise.withResolvers<void>();
  let runs = 0;
  const work = async ({ onProgress }: Wanted): Promise<number> => {
    await gate.promise;
    onProgress('half');
    return ++runs;
  };
  const both = Promise.all([shared.run('key', first, work), shared.run('key', second, work)]);
  gate.resolve();
  assert.deepEqual(await both, [1, 1]);
  assert.deepEqual([first.heard, second.heard], [['half'], ['half']]);
  assert.equal(await shared.run('key', wanted(), work), 2, 'what is over is not remembered');
});

test('work goes on while one still wants it, and is aborted with the last', async () => {
  const shared = new SharedWork<string>();
  const [first, second] = [wanted(), wanted()];
  const started = Promise.withResolvers<AbortSignal>();
  const work = ({ signal }: Wanted): Promise<string> => {
    started.resolve(signal);
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const leaving = assert.rejects(shared.run('key', first, work), { message: 'first left' });
  const staying = assert.rejects(shared.run('key', second, work), { message: 'second left' });
  const signal = await started.promise;
  first.abort.abort(new Error('first left'));
  await leaving;
  assert.ok(!signal.aborted);
  second.abort.abort(new Error('second left'));
  await staying;
  assert.ok(signal.aborted);
});

test('whoever comes while aborted work is still ending waits for its end and starts anew', async () => {
  const shared = new SharedWork<string>();
  const gone = wanted();
  const order: string[] = [];
  const cleaned = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const first = shared.run('key', gone, async () => {
    begun.resolve();
    await cleaned.promise;
    order.push('first cleaned up');
    return 'first';
  });
  await begun.promise;
  gone.abort.abort(new Error('gone'));
  await assert.rejects(first, { message: 'gone' });
  const second = shared.run('key', wanted(), async () => {
    order.push('second began');
    return 'second';
  });
  cleaned.resolve();
  assert.equal(await second, 'second');
  assert.deepEqual(order, ['first cleaned up', 'second began']);
});
