import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { FakeClock } from './testing/fake-clock.ts';
import type { FakeWorker, ReceivedBody } from './testing/fake-worker.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from './testing/gateway-under-test.ts';
import { until } from './testing/until.ts';
import { frameType, streamWindowBytes } from './wire/frames.ts';

const kib = 1024;
const large: Buffer = randomBytes(1000 * kib);

interface Answer {
  status: number | undefined;
  code: string;
  headers: IncomingMessage['headers'];
}

/** A client that sends a body in pieces, when it is told to. */
class Sender {
  readonly outgoing: ClientRequest;
  readonly answer: Promise<Answer>;

  constructor(url: string, headers: Record<string, string | number>) {
    this.outgoing = request(`${url}/local/echo/predict`, { method: 'POST', headers, agent: false });
    this.answer = new Promise((resolve, reject) => {
      this.outgoing.on('error', reject);
      this.outgoing.on('response', async (incoming: IncomingMessage) => {
        const body = await text(incoming);
        const code = body.startsWith('{"error"') ? (JSON.parse(body) as { error: { code: string } }).error.code : body;
        resolve({ status: incoming.statusCode, code, headers: incoming.headers });
      });
    });
    this.answer.catch(() => {});
    this.outgoing.flushHeaders();
  }
}

describe('large bodies, on a clock that stands still', () => {
  let clock: FakeClock;
  let test: GatewayUnderTest;
  const senders: Sender[] = [];
  beforeEach(async () => {
    clock = new FakeClock();
    test = await startGatewayUnderTest(clock);
  });
  afterEach(async () => {
    for (const { outgoing } of senders.splice(0)) outgoing.destroy();
    await test.close();
  });

  const send = (bytes: Buffer | string, headers: Record<string, string | number> = { 'content-length': large.length }): Sender => {
    const sender = new Sender(test.gateway.url, headers);
    senders.push(sender);
    sender.outgoing.write(bytes);
    return sender;
  };
  const readyWorker = (streamsBody = false): FakeWorker => {
    const worker = test.workers.at(test.workers.workers.length - 1);
    worker.ready({ predict: { async: streamsBody, needsHead: streamsBody, streamsBody } });
    return worker;
  };
  /** The only large body that a worker knows of, and its request's id. */
  const upload = async (worker: FakeWorker, size = 0): Promise<[number, ReceivedBody]> => {
    await until(() => worker.bodies.size > 0, 'the request');
    const [[id, body]] = [...worker.bodies] as [[number, ReceivedBody]];
    await until(() => body.bytes.length >= size, `${size} bytes of the body`);
    return [id, body];
  };
  const signals = (worker: FakeWorker, type: number): number[] => worker.signals.flatMap((each) => (each.type === type ? [each.id] : []));
  const inFlight = async (): Promise<number> =>
    Number(/^spell_requests_in_flight ([0-9]+)/m.exec((await test.admin('GET', '/metrics')).body)?.[1]);
  /** Time passes, and everybody gets a turn in each second of it. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      for (let turns = 0; turns < 5; turns++) await turn();
    }
  };
  const nothingLeft = (): Promise<void> => eventuallyZero(inFlight);

  it('flow in pieces as far as the worker wants them, and other requests get between', async () => {
    await test.apply({});
    const worker = readyWorker();
    const sender = send(large);
    const [id, body] = await upload(worker, streamWindowBytes);
    const small = test.ask('/local/echo/predict', { body: 'small' });
    await until(() => worker.requests.length === 2, 'the small request');
    assert.equal(body.bytes.length, streamWindowBytes, 'not a byte more than the window');
    worker.answer(worker.requests[1]?.id ?? 0, 'quick');
    assert.equal((await small).body, 'quick');
    worker.want(id, 100);
    await until(() => body.bytes.length === streamWindowBytes + 100, 'a hundred bytes more');
    worker.want(id, large.length);
    sender.outgoing.end();
    await until(() => body.end === 'whole', 'the end');
    assert.ok(body.bytes.equals(large));
    worker.answer(id, 'done');
    assert.equal((await sender.answer).code, 'done');
    await nothingLeft();
  });

  it('of unknown length flow, too, from the moment they are known to be large', async () => {
    await test.apply({});
    const worker = readyWorker();
    const sender = send(large.subarray(0, 200 * kib), {});
    sender.outgoing.end(large.subarray(200 * kib));
    const [id, body] = await upload(worker, streamWindowBytes);
    worker.want(id, large.length);
    await until(() => body.end === 'whole', 'the end');
    assert.ok(body.bytes.equals(large));
    worker.answer(id, 'done');
    assert.equal((await sender.answer).status, 200);
  });

  it('wait at their client, whose time does not run meanwhile; afterwards it does', async () => {
    await test.apply({});
    const worker = readyWorker();
    const running = ['a', 'b'].map((body) => test.ask('/local/echo/predict', { body }));
    await until(() => worker.requests.length === 2, 'what runs');
    const sender = send(large.subarray(0, 100 * kib));
    await until(async () => (await inFlight()) === 3, 'the large one');
    await pass(50);
    assert.equal(worker.bodies.size, 0);
    for (const { id } of [...worker.requests]) worker.answer(id, 'ok');
    await Promise.all(running);
    const [id, body] = await upload(worker, 100 * kib);
    worker.want(id, 1000 * kib);
    await pass(15);
    assert.equal(body.end, null, "twenty seconds are everybody's");
    await pass(400);
    await until(() => body.end, 'the end');
    const answer = await sender.answer;
    assert.deepEqual([answer.status, answer.code, answer.headers.connection], [408, 'request-timeout', 'close']);
    assert.deepEqual([body.end, signals(worker, frameType.cancel)], ['broken', [id]]);
    worker.send(frameType.empty, id);
    await nothingLeft();
  });

  it('keep nobody from being answered: what is not complete takes no room of a worker', async () => {
    await test.apply({});
    const worker = readyWorker();
    for (let count = 0; count < 5; count++) send(large.subarray(0, 10 * kib));
    await until(() => worker.bodies.size === 5, 'five bodies');
    const small = test.ask('/local/echo/predict', { body: 'small' });
    await until(() => worker.requests.length === 6, 'the small request');
    worker.answer(worker.requests[5]?.id ?? 0, 'quick');
    assert.equal((await small).body, 'quick');
  });

  it('do not hide that another request of their worker runs too long', async () => {
    await test.apply({ 'hard-timeout': 5 });
    const worker = readyWorker(true);
    send(large.subarray(0, 100 * kib));
    await upload(worker, 100 * kib);
    const small = test.ask('/local/echo/predict', { body: 'small' });
    await until(() => worker.requests.length === 2, 'the small request');
    worker.begun = 2;
    await pass(7);
    assert.equal(worker.killed, true);
    assert.equal((await small).status, 500);
  });

  it('are dropped when their client goes in the middle', async () => {
    await test.apply({});
    const worker = readyWorker();
    const sender = send(large.subarray(0, 100 * kib));
    const [id, body] = await upload(worker, 100 * kib);
    sender.outgoing.destroy();
    await until(() => body.end, 'the end');
    assert.deepEqual([body.end, signals(worker, frameType.cancel)], ['broken', [id]]);
    worker.send(frameType.empty, id);
    await nothingLeft();
  });

  it('that turn out to be too large are refused with 413 in their middle', async () => {
    await test.apply({ 'max-request-size': 500 * kib });
    const worker = readyWorker();
    const sender = send(large.subarray(0, 400 * kib), {});
    const [id, body] = await upload(worker, streamWindowBytes);
    worker.want(id, 1000 * kib);
    sender.outgoing.write(large.subarray(400 * kib));
    const answer = await sender.answer;
    assert.deepEqual([answer.status, answer.code, body.end], [413, 'too-large', 'broken']);
    worker.send(frameType.empty, id);
    await nothingLeft();
  });

  it("are given up when their client's own time is over, or when nobody takes the rest of them", async () => {
    await test.apply({ 'predict-timeout': 60 });
    const worker = readyWorker();
    const impatient = send(large.subarray(0, 10 * kib), { 'content-length': large.length, 'x-request-timeout': 5 });
    const [id] = await upload(worker);
    await pass(6);
    assert.deepEqual([(await impatient.answer).status, (await impatient.answer).code], [504, 'deadline']);
    worker.send(frameType.empty, id);
    worker.bodies.clear();
    const held = send(large);
    const [second, body] = await upload(worker, streamWindowBytes);
    await pass(59);
    assert.equal(body.end, null);
    await pass(2);
    assert.equal((await held.answer).status, 504);
    await until(() => body.end === 'broken', 'the end');
    worker.send(frameType.empty, second);
    await nothingLeft();
  });

  it('have the whole time that a predictor may take after their last byte', async () => {
    await test.apply({ 'predict-timeout': 30 });
    const worker = readyWorker();
    const sender = send(large.subarray(0, 500 * kib));
    const [id, body] = await upload(worker, streamWindowBytes);
    worker.want(id, large.length);
    await until(() => body.bytes.length === 500 * kib, 'half of it');
    await pass(19);
    sender.outgoing.end(large.subarray(500 * kib));
    await until(() => body.end, 'the end');
    await pass(29);
    worker.answer(id, 'in time');
    assert.equal((await sender.answer).code, 'in time');
  });

  it('are lost with their worker: 503 and Retry-After for what had not begun, 500 for what had', async () => {
    await test.apply({});
    const worker = readyWorker();
    const answers: Promise<Answer>[] = [];
    for (const size of [10 * kib, large.length, large.length]) {
      const sender = send(large.subarray(0, size));
      answers.push(sender.answer);
      await until(() => worker.bodies.size === answers.length, 'the request');
      const [id, body] = [...worker.bodies].at(-1) as [number, ReceivedBody];
      worker.want(id, large.length);
      if (size < large.length) continue;
      sender.outgoing.end();
      await until(() => body.end, 'the end');
    }
    worker.begun = 1;
    worker.die();
    const told = (await Promise.all(answers)).map(({ status, code, headers }) => [status, code, headers['retry-after']]);
    assert.deepEqual(told, [
      [503, 'not-ready', '1'],
      [500, 'worker-died', undefined],
      [503, 'not-ready', '1'],
    ]);
    await nothingLeft();
  });

  it('hold up the end of a pod until they are answered', async () => {
    await test.apply({});
    const worker = readyWorker();
    const sender = send(large);
    const [id, body] = await upload(worker, streamWindowBytes);
    await test.apply({}, { stopped: true });
    worker.want(id, large.length);
    sender.outgoing.end();
    await until(() => body.end === 'whole', 'the end');
    assert.deepEqual([signals(worker, frameType.recall), signals(worker, frameType.drain)], [[], []]);
    worker.answer(id, 'done');
    assert.equal((await sender.answer).code, 'done');
    await until(() => signals(worker, frameType.drain).length === 1, 'DRAIN');
  });

  it('may be answered before they are complete, by who reads them as they come; the rest is thrown away', async () => {
    await test.apply({});
    const worker = readyWorker(true);
    const sender = send(large.subarray(0, 300 * kib));
    const [id, body] = await upload(worker, streamWindowBytes);
    worker.answer(id, 'enough');
    sender.outgoing.end(large.subarray(300 * kib));
    const answer = await sender.answer;
    assert.deepEqual([answer.code, answer.headers.connection], ['enough', 'close']);
    await until(() => body.end === 'broken', 'the end');
    assert.deepEqual(signals(worker, frameType.cancel), []);
    await nothingLeft();
  });

  it('are refused when too many wait, with their bodies unread', async () => {
    await test.apply({ 'max-queue': 1 });
    const worker = readyWorker();
    const running = ['a', 'b'].map((body) => test.ask('/local/echo/predict', { body }));
    await until(() => worker.requests.length === 2, 'what runs');
    const first = send(large);
    await until(async () => (await inFlight()) === 3, 'the first');
    const second = await send(large).answer;
    assert.deepEqual([second.status, second.code], [429, 'queue-full']);
    for (const { id } of [...worker.requests]) worker.answer(id, 'ok');
    await Promise.all(running);
    const [id, body] = await upload(worker, streamWindowBytes);
    worker.want(id, large.length);
    first.outgoing.end();
    await until(() => body.end, 'the end');
    worker.answer(id, 'done');
    assert.equal((await first.answer).code, 'done');
  });
});

/** What a client learns and what the gateway's counters show are two things. */
async function eventuallyZero(count: () => Promise<number>): Promise<void> {
  const deadline = performance.now() + 5000;
  while ((await count()) !== 0) assert.ok(performance.now() < deadline, 'requests are left in flight');
}
