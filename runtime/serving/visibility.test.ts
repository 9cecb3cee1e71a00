import assert from 'node:assert/strict';
import { type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Cause } from '../api/causes.ts';
import { textLines } from '../api/http/text-lines.ts';
import type { BatchRecord, ObservedTraffic, RequestRecord } from '../api/traffic.ts';
import type { GatewayObservation } from './admin.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { type FakeWorker, readyAndWell } from './testing/fake-worker.ts';
import { type Answer, type GatewayUnderTest, startGatewayUnderTest } from './testing/gateway-under-test.ts';
import { until } from './testing/until.ts';
import { frameType } from './wire/frames.ts';

describe('what is happening, on a clock that stands still', () => {
  let clock: FakeClock;
  let test: GatewayUnderTest;
  beforeEach(async () => {
    clock = new FakeClock();
    test = await startGatewayUnderTest(clock);
  });
  afterEach(() => test.close());

  const get = async <T>(what: string): Promise<T> => JSON.parse((await test.admin('GET', `/${what}/local/echo`)).body) as T;
  const requests = (): Promise<RequestRecord[]> => get('requests');
  const batches = (): Promise<BatchRecord[]> => get('batches');
  const traffic = (): Promise<ObservedTraffic> => get('traffic');
  const ask = (id: string, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Answer> =>
    test.ask('/local/echo/predict', { body: `"${id}"`, headers: { 'x-request-id': id, ...headers }, ...(signal && { signal }) });
  const causes = async (): Promise<Partial<Record<Cause, number>>> => {
    const counts: Partial<Record<Cause, number>> = {};
    for (const { answers } of (await traffic()).pods) for (const { cause, count } of answers) counts[cause] = (counts[cause] ?? 0) + count;
    return counts;
  };
  const idOf = (worker: FakeWorker, id: string): number => worker.requests.findLast(({ requestId }) => requestId === id)?.id ?? -1;
  const arrived = (worker: FakeWorker, count: number): Promise<void> =>
    until(() => worker.requests.length === count, `request ${count} at the worker`);

  it('tells the stages of a request: in the header for who asks, in its record, in the histograms', async () => {
    await test.apply({});
    const worker = test.workers.at(0);
    worker.ready();
    const plain = ask('plain');
    await arrived(worker, 1);
    const timed = ask('timed', { 'x-spell-timing': '1' });
    await arrived(worker, 2);
    clock.advance(16);
    worker.answer(idOf(worker, 'plain'), '1');
    worker.answer(idOf(worker, 'timed'), '2', 0, { waited: 3, prepared: 2, predicted: 10 });
    assert.equal((await plain).headers['server-timing'], undefined);
    assert.equal((await timed).headers['server-timing'], 'queue;dur=3, prepare;dur=2, predict;dur=10, reply;dur=1');
    const [record] = await requests();
    const {
      id,
      status,
      cause,
      totalMs,
      queueMs,
      prepareMs,
      predictMs,
      replyMs,
      ahead,
      batch,
      pod,
      worker: number,
    } = record as RequestRecord;
    assert.deepEqual([id, status, cause, ahead, batch, pod, number], ['timed', 200, 'answered', 1, null, 'echo-1-pod1', 0]);
    assert.deepEqual([totalMs, queueMs, prepareMs, predictMs, replyMs], [16, 3, 2, 10, 1]);
    const { pods, inFlight, queueDepth } = await traffic();
    const stages = pods.find(({ pod: name }) => name === 'echo-1-pod1')?.stages;
    assert.deepEqual([stages?.total.count, stages?.prepare.count, Math.round(stages?.predict.sumMs ?? 0)], [2, 1, 10]);
    assert.deepEqual([inFlight, queueDepth], [0, 0]);
  });

  it('names the cause of each end: who was refused, who left, and how far each had come', async () => {
    await test.apply({ 'max-queue': 1, 'predict-timeout': 10 });
    const worker = test.workers.at(0);
    worker.ready();
    const leaver = new AbortController();
    const running = ask('running', {}, leaver.signal);
    await arrived(worker, 1);
    const second = ask('second');
    await arrived(worker, 2);
    const waiting = ask('waiting', { 'x-request-timeout': '1' });
    for (;;) if ((await traffic()).queueDepth === 1) break;
    assert.equal((await ask('too-many')).status, 429);
    clock.advance(1100);
    assert.equal((await waiting).status, 504);
    leaver.abort();
    await assert.rejects(running);
    await until(() => worker.signals.some(({ type }) => type === frameType.cancel), 'the cancellation');
    worker.send(frameType.empty, idOf(worker, 'running'));
    worker.error(idOf(worker, 'second'), { code: 'predictor-error', message: 'predict raised' });
    assert.equal((await second).status, 500);
    const late = ask('late');
    await arrived(worker, 3);
    clock.advance(10_100);
    assert.equal((await late).status, 504);
    assert.deepEqual(await causes(), {
      'queue-full': 1,
      'deadline-waiting': 1,
      'gone-running': 1,
      'predictor-error': 1,
      'deadline-running': 1,
    });
    const seen = new Map((await requests()).map((each) => [each.id, each]));
    assert.deepEqual(
      [seen.get('waiting')?.cause, seen.get('waiting')?.pod, seen.get('waiting')?.predictMs],
      ['deadline-waiting', null, null],
    );
    assert.ok((seen.get('waiting')?.queueMs ?? 0) >= 1000);
    assert.deepEqual([seen.get('too-many')?.status, seen.get('too-many')?.cause], [429, 'queue-full']);
  });

  it('shows batches: why each began, whom it waited for, what became of its members', async () => {
    await test.apply({ 'max-batch-size': 2 });
    const worker = test.workers.at(0);
    worker.ready();
    const answers = [];
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) {
      answers.push(ask(id));
      await arrived(worker, index + 1);
    }
    worker.beginBatch(2, 2, 'full', 1);
    clock.advance(10);
    worker.answer(idOf(worker, 'a'), '1', 0, { waited: 1, predicted: 10 });
    worker.answer(idOf(worker, 'b'), '2', 0, { waited: 0.5, predicted: 10 });
    worker.beginBatch(2, 4, 'full', 2);
    worker.send(frameType.isolated, 0, Buffer.from([2, 0, 0, 0]));
    worker.answer(idOf(worker, 'c'), '3', 0, { waited: 10, predicted: 4 });
    worker.error(idOf(worker, 'd'), { code: 'predictor-error', message: 'predict raised' });
    await Promise.all(answers);
    const [second, first] = await batches();
    assert.deepEqual(
      [first?.id, first?.size, first?.reason, first?.after, first?.waitedMs, first?.predictMs, first?.requests],
      ['w0-1', 2, 'full', null, { longest: 1, shortest: 0.5 }, 10, ['a', 'b']],
    );
    assert.deepEqual(first?.outcome, { running: 0, answered: 2, failed: 0, gone: 0, retried: 0 });
    assert.deepEqual([second?.id, second?.after, second?.isolated], ['w0-2', 'w0-1', true]);
    assert.deepEqual(second?.outcome, { running: 0, answered: 1, failed: 1, gone: 0, retried: 0 });
    assert.deepEqual(await causes(), { answered: 3, poison: 1 });
    assert.deepEqual((await requests()).map(({ id, batch }) => [id, batch]).sort(), [
      ['a', 'w0-1'],
      ['b', 'w0-1'],
      ['c', 'w0-2'],
      ['d', 'w0-2'],
    ]);
    const { batches: counted } = await traffic();
    assert.deepEqual([counted.count, counted.requests, counted.reasons.full], [2, 4, 2]);
  });

  it('tells the stages of an error as far as it came, and none of a health', async () => {
    await test.apply({});
    const worker = test.workers.at(0);
    await readyAndWell(worker, clock);
    const timing = { 'x-spell-timing': '1' };
    const health = test.ask('/local/echo/health', { method: 'GET', headers: timing });
    await arrived(worker, 2);
    worker.answer(worker.requests[1]?.id ?? -1, 'true');
    assert.deepEqual([(await health).status, (await health).headers['server-timing']], [200, undefined]);
    const raises = ask('raises', timing);
    await arrived(worker, 3);
    const second = ask('second');
    await arrived(worker, 4);
    const waiting = ask('waiting', { ...timing, 'x-request-timeout': '1' });
    for (;;) if ((await traffic()).queueDepth === 1) break;
    clock.advance(1100);
    assert.match(String((await waiting).headers['server-timing']), /^queue;dur=1[0-9]{3}$/);
    worker.error(idOf(worker, 'raises'), { code: 'predictor-error', message: 'predict raised' });
    assert.match(String((await raises).headers['server-timing']), /^queue;dur=0, reply;dur=1[0-9]{3}$/);
    worker.answer(idOf(worker, 'second'), '2');
    assert.equal((await second).status, 200);
  });

  it('counts a stream that cannot be sent as what it is', async () => {
    await test.apply({});
    const worker = test.workers.at(0);
    worker.ready();
    const asked = ask('a');
    await arrived(worker, 1);
    worker.respond(idOf(worker, 'a'), 200, [['no header', 'x']], 'some', true);
    assert.equal((await asked).status, 500);
    await until(() => worker.signals.some(({ type }) => type === frameType.cancel), 'the cancellation');
    worker.send(frameType.end, idOf(worker, 'a'), Buffer.from([1]));
    assert.deepEqual(await causes(), { 'bad-result': 1 });
    assert.equal((await traffic()).inFlight, 0);
  });

  it('knows of a batch that all have left when it ended, and who waited for it', async () => {
    await test.apply({ 'max-batch-size': 2 });
    const worker = test.workers.at(0);
    worker.ready();
    const leaver = new AbortController();
    const left = ask('a', {}, leaver.signal);
    await arrived(worker, 1);
    leaver.abort();
    await assert.rejects(left);
    await until(() => worker.signals.some(({ type }) => type === frameType.cancel), 'the cancellation');
    // The gateway hears of the batch after its client has gone.
    worker.beginBatch(1, 1, 'worker-free', 1);
    for (;;) if ((await batches()).length === 1) break;
    assert.deepEqual((await batches())[0]?.outcome, { running: 0, answered: 0, failed: 0, gone: 1, retried: 0 });
    clock.advance(5);
    const behind = ask('b');
    await arrived(worker, 2);
    clock.advance(5);
    worker.send(frameType.empty, idOf(worker, 'a'));
    worker.beginBatch(1, 2, 'worker-free', 2);
    worker.answer(idOf(worker, 'b'), '2');
    await behind;
    clock.advance(5);
    const later = ask('c');
    await arrived(worker, 3);
    worker.beginBatch(1, 3, 'worker-free', 3);
    worker.answer(idOf(worker, 'c'), '3');
    await later;
    assert.deepEqual(
      (await batches()).map(({ id, after }) => [id, after]),
      [
        ['w0-3', null],
        ['w0-2', 'w0-1'],
        ['w0-1', null],
      ],
    );
  });

  it('names the poison of a batch that ran longer than many that began after it', async () => {
    await test.apply({ 'max-batch-size': 2 });
    const worker = test.workers.at(0);
    worker.ready({ predict: { async: true, needsHead: false, streamsBody: false } });
    const slow = [ask('slow')];
    await arrived(worker, 1);
    slow.push(ask('guilty'));
    await arrived(worker, 2);
    worker.beginBatch(2, 2, 'full', 1);
    for (let number = 2; number < 12; number++) {
      const quick = ask(`quick-${number}`);
      await arrived(worker, number + 1);
      worker.beginBatch(1, number + 1, 'worker-free', number);
      worker.answer(idOf(worker, `quick-${number}`), '1');
      await quick;
    }
    worker.send(frameType.isolated, 0, Buffer.from([1, 0, 0, 0]));
    worker.answer(idOf(worker, 'slow'), '1');
    worker.error(idOf(worker, 'guilty'), { code: 'predictor-error', message: 'predict raised' });
    await Promise.all(slow);
    assert.deepEqual(await causes(), { answered: 11, poison: 1 });
    assert.equal((await batches()).at(-1)?.isolated, true);
  });

  it('names a request that kills its worker when it is alone: poison', async () => {
    await test.apply({ 'max-batch-size': 4 });
    const first = test.workers.at(0);
    first.ready();
    const answers = [ask('a'), ask('b')];
    await arrived(first, 2);
    first.beginBatch(2, 2);
    first.die({ begun: 2 });
    await until(() => {
      clock.advance(100);
      return test.workers.workers.length === 2;
    }, 'the second worker');
    const second = test.workers.at(1);
    second.ready();
    await arrived(second, 1);
    second.answer(second.requests[0]?.id ?? -1, '1');
    await arrived(second, 2);
    second.begun = 2;
    second.die({ begun: 2 });
    await Promise.all(answers);
    assert.deepEqual(await causes(), { answered: 1, poison: 1 });
    assert.equal((await batches()).at(-1)?.outcome.retried, 2);
  });

  it('keeps the last requests when a flood of others is refused', async () => {
    await test.apply({});
    const worker = test.workers.at(0);
    worker.ready();
    const kept = ask('kept');
    await arrived(worker, 1);
    worker.answer(idOf(worker, 'kept'), '1');
    await kept;
    clock.advance(1);
    await test.apply({}, { stopped: true });
    for (let refused = 0; refused < 700; refused++) await ask(`refused-${refused}`);
    const seen = await requests();
    assert.equal(seen.length, 1 + 128);
    assert.equal(seen.at(-1)?.id, 'kept');
    assert.deepEqual([seen[0]?.id, seen[0]?.cause, seen[0]?.status], ['refused-699', 'stopped', 503]);
    assert.equal((await causes()).stopped, 700);
  });

  const incidents = async (): Promise<string[]> => {
    let shown: string[] = [];
    await watched((observation) => {
      shown = observation.servers.flatMap((server) => server.incidents.map(({ type, message }) => `${type}: ${message}`));
      return true;
    });
    return shown;
  };
  /** Looks at what `/watch` says, once. */
  const watched = async (look: (observation: GatewayObservation) => boolean): Promise<void> => {
    const controller = new AbortController();
    const answer = await new Promise<IncomingMessage>((resolve, reject) =>
      request({ socketPath: test.adminSocket, path: '/watch', signal: controller.signal }, resolve).on('error', reject).end(),
    );
    answer.on('error', () => {});
    for await (const line of textLines(answer)) if (look(JSON.parse(line) as GatewayObservation)) break;
    controller.abort();
  };

  it('tells an overload once when it begins and once when it is over, however many are refused', async () => {
    await test.apply({ 'max-queue': 1 });
    const worker = test.workers.at(0);
    worker.ready();
    const held = ['a', 'b', 'c'].map((id) => ask(id));
    for (;;) if ((await traffic()).queueDepth === 1) break;
    for (let refused = 0; refused < 5; refused++) assert.equal((await ask('refused')).status, 429);
    const full = 'server.overloaded: the queue is full: 1 requests wait (max-queue), and more are refused with 429';
    assert.deepEqual(await incidents(), [full]);
    clock.advance(9000);
    assert.equal((await ask('refused')).status, 429);
    clock.advance(9000);
    assert.deepEqual(await incidents(), [full]);
    clock.advance(2000);
    assert.deepEqual(await incidents(), [full, 'server.relieved: the queue has room again; 6 requests were refused with 429 within 9 s']);
    for (const count of [1, 2, 3]) {
      await arrived(worker, Math.max(count, 2));
      worker.answer(worker.requests[count - 1]?.id ?? -1, '1');
    }
    await Promise.all(held);
  });

  it('tells whom a dead worker cost, and does not repeat itself in a crash loop', async () => {
    await test.apply({});
    const first = test.workers.at(0);
    first.ready();
    const running = ask('running');
    await arrived(first, 1);
    const prefetched = ask('prefetched');
    await arrived(first, 2);
    first.begun = 1;
    first.die({ signal: 'SIGKILL', begun: 1 });
    assert.equal((await running).status, 500);
    const told = 'worker.died: worker 0 of pod echo-1-pod1 was ended by SIGKILL; 1 request was answered 500, 1 went to another worker';
    assert.deepEqual(await incidents(), [told]);
    await until(() => {
      clock.advance(100);
      return test.workers.workers.length === 2;
    }, 'the second worker');
    const second = test.workers.at(1);
    second.ready();
    await arrived(second, 1);
    second.answer(second.requests[0]?.id ?? -1, '1');
    assert.equal((await prefetched).status, 200);
    second.die({ signal: 'SIGKILL' });
    await until(() => {
      clock.advance(100);
      return test.workers.workers.length === 3;
    }, 'the third worker');
    assert.deepEqual(await incidents(), [told]);
    test.workers.at(2).ready();
    for (let second = 0; second < 11; second++) {
      clock.advance(1000);
      await traffic(); // So that the worker gets to answer pings.
    }
    test.workers.at(2).die({ code: 3 });
    for (;;) if ((await incidents()).length === 2) break;
    const all = await incidents();
    assert.equal(
      all.at(-1),
      'worker.died: worker 0 of pod echo-1-pod1 ended with exit status 3; it had no request (and 1 more like it before)',
    );
  });
});
