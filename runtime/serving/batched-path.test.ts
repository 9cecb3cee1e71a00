import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ReleaseReason } from '../api/traffic.ts';
import { FakeClock } from './testing/fake-clock.ts';
import type { FakeWorker } from './testing/fake-worker.ts';
import { type Answer, type GatewayUnderTest, startGatewayUnderTest } from './testing/gateway-under-test.ts';
import { until } from './testing/until.ts';
import { frameType, requestKind } from './wire/frames.ts';

const codeOf = (answer: Answer): string => (JSON.parse(answer.body) as { error: { code: string } }).error.code;

describe('the path of batched requests, on a clock that stands still', () => {
  let clock: FakeClock;
  let test: GatewayUnderTest;
  beforeEach(async () => {
    clock = new FakeClock();
    test = await startGatewayUnderTest(clock);
  });
  afterEach(() => test.close());

  const ask = (body: string): Promise<Answer> => test.ask('/local/echo/predict', { body });
  const bodies = (worker: FakeWorker): string[] => worker.requests.map(({ body }) => body);
  const signals = (worker: FakeWorker, type: number): number[] => worker.signals.flatMap((each) => (each.type === type ? [each.id] : []));
  const total = (): number => test.workers.workers.reduce((sum, worker) => sum + worker.requests.length, 0);
  const metrics = async (): Promise<string> => (await test.admin('GET', '/metrics')).body;
  const queueDepth = async (): Promise<number> => Number(/spell_queue_depth\{[^}]*\} ([0-9]+)/.exec(await metrics())?.[1] ?? 0);

  /** Asks one after the other, each after the one before has arrived at a worker or in the queue. */
  const askInOrder = async (...each: string[]): Promise<Promise<Answer>[]> => {
    const answers: Promise<Answer>[] = [];
    for (const body of each) {
      const arrived = (await queueDepth()) + total();
      answers.push(ask(body));
      for (;;) if ((await queueDepth()) + total() > arrived) break;
    }
    return answers;
  };

  /** A batch of what it got last begins. */
  const begins = (worker: FakeWorker, size: number, last: number, reason?: ReleaseReason): void => worker.beginBatch(size, last, reason);

  const revive = async (index: number): Promise<FakeWorker> => {
    await until(() => {
      clock.advance(100);
      return test.workers.workers.length > index;
    }, `worker ${index}`);
    const worker = test.workers.at(index);
    worker.ready();
    return worker;
  };

  it('gives a worker a batch to run and one to decode meanwhile, and keeps the rest in the one queue', async () => {
    await test.apply({ 'max-batch-size': 2 });
    const worker = test.workers.at(0);
    worker.ready();
    const answers = await askInOrder('1', '2', '3', '4', '5', '6');
    assert.deepEqual(bodies(worker), ['1', '2', '3', '4']);
    assert.equal(await queueDepth(), 2);
    begins(worker, 2, 2, 'full');
    for (const { id, body } of worker.requests.slice(0, 2)) worker.answer(id, body);
    await until(() => worker.requests.length === 6, 'the rest');
    for (const { id, body } of worker.requests.slice(2)) worker.answer(id, body);
    assert.deepEqual(
      (await Promise.all(answers)).map(({ body }) => body),
      ['1', '2', '3', '4', '5', '6'],
    );
  });

  it('counts batches by size and by the reason of their release', async () => {
    await test.apply({ 'max-batch-size': 8 });
    const worker = test.workers.at(0);
    worker.ready();
    begins(worker, 1, 0);
    begins(worker, 8, 0, 'full');
    begins(worker, 3, 0, 'drain');
    for (;;) if (/spell_batch_size_count\{[^}]*\} 3/.test(await metrics())) break;
    const lines = (await metrics()).split('\n');
    for (const line of [
      'spell_batch_size_bucket{owner="local",server="echo",le="1"} 1',
      'spell_batch_size_bucket{owner="local",server="echo",le="4"} 2',
      'spell_batch_size_bucket{owner="local",server="echo",le="+Inf"} 3',
      'spell_batch_size_sum{owner="local",server="echo"} 12',
      'spell_batches_total{owner="local",server="echo",reason="full"} 1',
      'spell_batches_total{owner="local",server="echo",reason="worker-free"} 1',
      'spell_batches_total{owner="local",server="echo",reason="timeout"} 0',
      'spell_batches_total{owner="local",server="echo",reason="drain"} 1',
    ]) {
      assert.ok(lines.includes(line), line);
    }
  });

  it('finds the one that kills workers: its batch runs again one by one, and only it is answered 500', async () => {
    await test.apply({ 'max-batch-size': 4 });
    const first = test.workers.at(0);
    first.ready();
    const answers = await askInOrder('a', 'poison', 'b', 'later');
    begins(first, 3, 3);
    first.die({ begun: 3 });
    const second = await revive(1);
    await until(() => second.requests.length === 1, 'the first suspect');
    assert.deepEqual([second.requests[0]?.body, second.requests[0]?.kind], ['a', requestKind.alone]);
    second.answer(second.requests[0]?.id ?? -1, 'A');
    await until(() => second.requests.length === 2, 'the second suspect');
    assert.equal(second.requests[1]?.body, 'poison');
    second.die({ begun: 2 });
    const third = await revive(2);
    await until(() => third.requests.length === 1, 'the last suspect');
    assert.deepEqual([third.requests[0]?.body, third.requests[0]?.kind], ['b', requestKind.alone]);
    third.answer(third.requests[0]?.id ?? -1, 'B');
    await until(() => third.requests.length === 2, 'what had not begun');
    assert.deepEqual([third.requests[1]?.body, third.requests[1]?.kind], ['later', requestKind.predict]);
    third.answer(third.requests[1]?.id ?? -1, 'L');
    const [a, poison, b, later] = await Promise.all(answers);
    assert.deepEqual([a?.body, b?.body, later?.body], ['A', 'B', 'L']);
    assert.deepEqual([poison?.status, codeOf(poison as Answer)], [500, 'worker-died']);
  });

  it('answers the one of a batch of one at once when its worker died', async () => {
    await test.apply({ 'max-batch-size': 4 });
    const worker = test.workers.at(0);
    worker.ready();
    const [poison] = await askInOrder('poison');
    worker.die({ begun: 1 });
    assert.equal(codeOf((await poison) as Answer), 'worker-died');
  });

  it('without isolation answers 500 all that had begun', async () => {
    await test.apply({ 'max-batch-size': 4, 'batch-isolation': 'off' });
    const worker = test.workers.at(0);
    worker.ready();
    const answers = await askInOrder('a', 'b');
    worker.die({ begun: 2 });
    assert.deepEqual((await Promise.all(answers)).map(codeOf), ['worker-died', 'worker-died']);
  });

  it('spreads requests over free workers, and fills the next batch of a free one before that of a busy one', async () => {
    await test.apply({ 'max-batch-size': 4, 'num-processes': 2 });
    const [one, two] = [test.workers.at(0), test.workers.at(1)];
    one.ready();
    two.ready();
    const answers = await askInOrder('1', '2', '3', '4');
    assert.deepEqual(
      [bodies(one), bodies(two)],
      [
        ['1', '3'],
        ['2', '4'],
      ],
    );
    begins(one, 2, 2);
    for (;;) if (/spell_batch_size_count\{[^}]*\} 1/.test(await metrics())) break;
    answers.push(...(await askInOrder('5', '6')));
    assert.deepEqual(bodies(two), ['2', '4', '5', '6']);
    for (const worker of [one, two]) for (const { id, body } of worker.requests) worker.answer(id, body);
    assert.deepEqual(
      (await Promise.all(answers)).map(({ body }) => body),
      ['1', '2', '3', '4', '5', '6'],
    );
  });

  it('takes back all that waits behind a batch when another worker gets idle', async () => {
    await test.apply({ 'max-batch-size': 3, 'num-processes': 2 });
    const [one, two] = [test.workers.at(0), test.workers.at(1)];
    one.ready();
    two.ready();
    const answers = await askInOrder('1', '2');
    begins(one, 1, 1);
    begins(two, 1, 1);
    for (;;) if (/spell_batch_size_count\{[^}]*\} 2/.test(await metrics())) break;
    answers.push(...(await askInOrder('3', '4', '5', '6')));
    assert.deepEqual(
      [bodies(one), bodies(two)],
      [
        ['1', '3', '5'],
        ['2', '4', '6'],
      ],
    );
    for (const { id, body } of two.requests) two.answer(id, body);
    await Promise.all([answers[1], answers[3], answers[5]]);
    clock.advance(20);
    await until(() => signals(one, frameType.recall).length === 2, 'the recall of all that had not begun');
    for (const id of signals(one, frameType.recall)) one.send(frameType.recalled, id);
    await until(() => two.requests.length === 5, 'them to come to the idle worker');
    assert.deepEqual(bodies(two).slice(3), ['3', '5']);
    for (const { id, body } of two.requests.slice(3)) two.answer(id, body);
    one.answer(one.requests[0]?.id ?? -1, '1');
    assert.deepEqual(
      (await Promise.all(answers)).map(({ body }) => body),
      ['1', '2', '3', '4', '5', '6'],
    );
  });

  it('fixed: lets requests wait for company in one worker, the next batch in the other', async () => {
    await test.apply({ 'max-batch-size': 3, 'request-timeout': 500, 'num-processes': 2 });
    const [one, two] = [test.workers.at(0), test.workers.at(1)];
    one.ready();
    two.ready();
    const answers = await askInOrder('1', '2', '3', '4');
    assert.deepEqual([bodies(one), bodies(two)], [['1', '2', '3'], ['4']]);
    clock.advance(501);
    answers.push(...(await askInOrder('5')));
    assert.deepEqual(bodies(two), ['4', '5']);
    for (const worker of [one, two]) for (const { id, body } of worker.requests) worker.answer(id, body);
    await Promise.all(answers);
  });

  it('fixed: does not take a wait for company for a request that runs too long', async () => {
    await test.apply({ 'max-batch-size': 3, 'request-timeout': 10_000, 'hard-timeout': 5, 'predict-timeout': 60 });
    const worker = test.workers.at(0);
    worker.ready();
    const [asked] = await askInOrder('1');
    for (let second = 0; second < 10; second++) clock.advance(1000);
    assert.equal(worker.killed, false);
    worker.beginBatch(1, 1, 'timeout');
    for (;;) if (/spell_batch_size_count\{[^}]*\} 1/.test(await metrics())) break;
    for (let second = 0; second < 6; second++) clock.advance(1000);
    assert.equal(worker.killed, true);
    assert.equal((await asked)?.status, 500);
  });

  it('tells a worker that drains to wait for nobody, before it asks back what has not begun', async () => {
    await test.apply({ 'max-batch-size': 3, 'request-timeout': 500 });
    const worker = test.workers.at(0);
    worker.ready();
    const [asked] = await askInOrder('1');
    await test.apply({}, { stopped: true });
    await until(() => signals(worker, frameType.recall).length === 1, 'the recall');
    assert.deepEqual(
      worker.signals.slice(-2).map(({ type }) => type),
      [frameType.release, frameType.recall],
    );
    worker.answer(worker.requests[0]?.id ?? -1, 'done');
    assert.equal((await asked)?.status, 200);
    await until(() => signals(worker, frameType.drain).length === 1, 'DRAIN');
    worker.die({ code: 0, signal: null });
  });
});
