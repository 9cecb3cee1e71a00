import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { FakeClock } from './testing/fake-clock.ts';
import { type FakeWorker, readyAndWell } from './testing/fake-worker.ts';
import { type Answer, type GatewayUnderTest, startGatewayUnderTest } from './testing/gateway-under-test.ts';
import { until } from './testing/until.ts';
import { frameType } from './wire/frames.ts';

const predict = '/local/echo/predict';
const codeOf = (answer: Answer): string => (JSON.parse(answer.body) as { error: { code: string } }).error.code;

describe('the request path, on a clock that stands still', () => {
  let clock: FakeClock;
  let test: GatewayUnderTest;
  beforeEach(async () => {
    clock = new FakeClock();
    test = await startGatewayUnderTest(clock);
  });
  afterEach(() => test.close());

  const ask = (body: string, headers: Record<string, string> = {}): Promise<Answer> => test.ask(predict, { body, headers });
  const bodies = (worker: FakeWorker): string[] => worker.requests.map(({ body }) => body);
  const idOf = (worker: FakeWorker, body: string): number => worker.requests.find((each) => each.body === body)?.id ?? -1;
  const signals = (worker: FakeWorker, type: number): number[] => worker.signals.flatMap((each) => (each.type === type ? [each.id] : []));
  /** Sends requests one after the other, each after the former has arrived where it waits. */
  const askInOrder = async (worker: FakeWorker, ...each: string[]): Promise<Promise<Answer>[]> => {
    const answers: Promise<Answer>[] = [];
    for (const body of each) {
      const waiting = (await queueDepth()) + worker.requests.length;
      answers.push(ask(body));
      for (;;) if ((await queueDepth()) + worker.requests.length > waiting) break;
    }
    return answers;
  };
  const queueDepth = async (): Promise<number> =>
    Number(/spell_queue_depth\{[^}]*\} ([0-9]+)/.exec((await test.admin('GET', '/metrics')).body)?.[1] ?? 0);

  it('refuses with 429 and Retry-After what the queue has no room for', async () => {
    await test.apply({ 'max-queue': 1 });
    const worker = test.workers.at(0);
    worker.ready();
    const [a, b, c] = await askInOrder(worker, 'a', 'b', 'c');
    assert.deepEqual(bodies(worker), ['a', 'b']);
    const refused = await ask('d');
    assert.deepEqual([refused.status, codeOf(refused), refused.headers['retry-after']], [429, 'queue-full', '1']);
    assert.match((await test.admin('GET', '/metrics')).body, /pod="",status="429"\} 1\n/);
    worker.answer(idOf(worker, 'a'), '1');
    await until(() => worker.requests.length === 3, 'the queued request');
    worker.answer(idOf(worker, 'b'), '2');
    worker.answer(idOf(worker, 'c'), '3');
    assert.deepEqual(
      (await Promise.all([a, b, c])).map((answer) => answer?.body),
      ['1', '2', '3'],
    );
  });

  it('says by Retry-After when the queue will have been worked off, at the rate of late', async () => {
    await test.apply({ 'max-queue': 3 });
    const worker = test.workers.at(0);
    worker.ready();
    const asked = await askInOrder(worker, '1', '2', '3', '4', '5');
    const retryAfter = async (): Promise<string | undefined> => (await ask('refused')).headers['retry-after'];
    assert.equal(await retryAfter(), '1', 'nothing was measured, nothing runs for long');
    clock.advance(4000);
    assert.equal(await retryAfter(), '12', 'what runs has run for 4 s: three of those wait');
    worker.answer(idOf(worker, '1'), 'x');
    await asked[0];
    asked.push(...(await askInOrder(worker, '6')));
    assert.equal(await retryAfter(), '12', 'as was measured');
    clock.advance(50_000);
    assert.equal(await retryAfter(), '60', 'a minute at most');
    for (let count = 1; count < 6; count++) {
      await until(() => worker.requests.length > count, 'the next request');
      worker.answer(worker.requests[count]?.id ?? -1, 'x');
    }
    await Promise.all(asked);
  });

  it('lets a request wait for the first pod, up to start-wait', async () => {
    await test.apply({ 'start-wait': 5 });
    const [late] = await askInOrder(test.workers.at(0), 'late');
    clock.advance(5100);
    const answer = await late;
    assert.deepEqual([answer?.status, codeOf(answer as Answer), answer?.headers['retry-after']], [503, 'not-ready', '1']);
    const [early] = await askInOrder(test.workers.at(0), 'early');
    clock.advance(4000);
    test.workers.at(0).ready();
    await until(() => test.workers.at(0).requests.length === 1, 'the request');
    clock.advance(4000);
    test.workers.at(0).answer(idOf(test.workers.at(0), 'early'), '1');
    assert.equal((await early)?.status, 200);
    assert.deepEqual(bodies(test.workers.at(0)), ['early']);
  });

  it('bounds what waits for the first pod, too', async () => {
    await test.apply({ 'start-wait': 5, 'max-queue': 1 });
    const worker = test.workers.at(0);
    const [waiting] = await askInOrder(worker, 'waiting');
    const refused = await ask('refused');
    assert.deepEqual([refused.status, codeOf(refused), refused.headers['retry-after']], [429, 'queue-full', '1']);
    worker.ready();
    await until(() => worker.requests.length === 1, 'the one that waited');
    worker.answer(idOf(worker, 'waiting'), '1');
    assert.equal((await waiting)?.body, '1');
  });

  it('answers 503 stopped, at once, also what waits', async () => {
    await test.apply({});
    const [waiting] = await askInOrder(test.workers.at(0), 'x');
    await test.apply({}, { stopped: true });
    assert.equal(codeOf((await waiting) as Answer), 'stopped');
    const later = await ask('y');
    assert.deepEqual([later.status, codeOf(later)], [503, 'stopped']);
    assert.equal((await test.ask('/local/echo/health', { method: 'GET' })).status, 503);
  });

  it('answers 504 what waited too long, and never runs it', async () => {
    await test.apply({ 'predict-timeout': 1 });
    const worker = test.workers.at(0);
    worker.ready();
    const [a, b, c] = await askInOrder(worker, 'a', 'b', 'c');
    clock.advance(1100);
    const late = await Promise.all([a, b, c]);
    for (const answer of late) assert.deepEqual([answer?.status, codeOf(answer as Answer)], [504, 'deadline']);
    assert.deepEqual(
      late.map((answer) => /was over ([^"]*)"/.exec(answer?.body ?? '')?.[1]),
      ['while it ran', 'while it waited in a worker', 'while it waited; it was not run'],
    );
    assert.deepEqual(signals(worker, frameType.cancel).sort(), [idOf(worker, 'a'), idOf(worker, 'b')].sort());
    worker.answer(idOf(worker, 'a'), 'too late');
    worker.send(frameType.empty, idOf(worker, 'b'));
    const next = ask('d');
    await until(() => worker.requests.length === 3, 'the next request');
    assert.deepEqual(bodies(worker), ['a', 'b', 'd']);
    worker.answer(idOf(worker, 'd'), '4');
    assert.equal((await next).body, '4');
  });

  it('refuses what waited and cannot be answered in the time that it has left, and runs the next one instead', async () => {
    await test.apply({});
    const worker = test.workers.at(0);
    worker.ready();
    for (let count = 0; count < 32; count++) {
      const asked = ask(`before ${count}`);
      await until(() => worker.requests.length === count + 1, 'the request');
      clock.advance(100);
      worker.answer(worker.requests[count]?.id ?? -1, '1', 0, { predicted: 100 });
      await asked;
    }
    const [a, b] = await askInOrder(worker, 'a', 'b');
    const short = ask('short', { 'x-request-timeout': '0.15' });
    for (;;) if ((await queueDepth()) === 1) break;
    const [long] = await askInOrder(worker, 'long');
    clock.advance(100);
    worker.answer(idOf(worker, 'a'), '1', 0, { predicted: 100 });
    const refused = await short;
    assert.deepEqual([refused.status, codeOf(refused)], [504, 'deadline']);
    assert.match(refused.body, /too little of the request's time was left to run it \(the last answers took 100 ms and more\)/);
    await until(() => worker.requests.at(-1)?.body === 'long', 'the next one');
    assert.ok(!bodies(worker).includes('short'));
    worker.answer(idOf(worker, 'b'), '2');
    worker.answer(idOf(worker, 'long'), '3');
    assert.deepEqual([(await a)?.body, (await b)?.body, (await long)?.body], ['1', '2', '3']);
    const direct = ask('direct', { 'x-request-timeout': '0.05' });
    await until(() => worker.requests.at(-1)?.body === 'direct', 'one that need not wait: it is tried');
    worker.answer(idOf(worker, 'direct'), '4');
    assert.equal((await direct).body, '4');
  });

  it("lets the caller's own limit shorten the deadline, and never lengthen it", async () => {
    await test.apply({ 'predict-timeout': 10 });
    const worker = test.workers.at(0);
    worker.ready();
    const short = ask('a', { 'x-request-timeout': '0.5' });
    const long = ask('b', { 'x-request-timeout': '60' });
    await until(() => worker.requests.length === 2, 'both requests');
    clock.advance(600);
    assert.equal((await short).status, 504);
    clock.advance(9500);
    assert.equal((await long).status, 504);
  });

  it("refuses a caller's limit that is no number of seconds above 0", async () => {
    await test.apply({});
    test.workers.at(0).ready();
    for (const value of ['soon', '', '0', '0.00', '-1', '1e3', '0x10', 'Infinity', 'NaN', '1,5', '1s', '.5']) {
      const odd = await ask('a', { 'x-request-timeout': value });
      assert.deepEqual([odd.status, codeOf(odd)], [400, 'bad-request'], value);
      assert.ok(odd.body.includes(JSON.stringify(JSON.stringify(value)).slice(1, -1)), odd.body);
    }
    assert.equal(test.workers.at(0).requests.length, 0);
  });

  it('answers 408 a client whose body does not come', async () => {
    await test.apply({});
    test.workers.at(0).ready();
    const socket = connect(Number(new URL(test.gateway.url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      answer += piece;
    });
    socket.write(`POST ${predict} HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc`);
    await until(() => {
      clock.advance(1000);
      return answer.endsWith('}}');
    }, 'the answer');
    socket.destroy();
    assert.match(answer, /^HTTP\/1\.1 408 /);
    assert.match(answer, /"code":"request-timeout","message":"only 3 bytes of the body came in 2[0-9] s"/);
    assert.equal(test.workers.at(0).requests.length, 0);
  });

  it('answers 408 each of a hundred clients that send a byte a second, and serves others meanwhile', async () => {
    await test.apply({});
    const worker = test.workers.at(0);
    worker.ready();
    const { port } = new URL(test.gateway.url);
    const answers = new Array<string>(100).fill('');
    const sockets = answers.map((_, index) => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => {}).setEncoding('latin1');
      socket.on('data', (piece: string) => {
        answers[index] += piece;
      });
      socket.write(`POST ${predict} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n`);
      return socket;
    });
    const inFlight = async (): Promise<number> => {
      const { body } = await test.admin('GET', '/metrics');
      return Number(/spell_requests_in_flight ([0-9]+)/.exec(body)?.[1]);
    };
    for (;;) if ((await inFlight()) === sockets.length) break;
    for (let second = 1; second <= 19; second++) {
      for (const socket of sockets) socket.write('x');
      clock.advance(1000);
      const other = ask(String(second));
      await until(() => worker.requests.length === second, 'the other request');
      worker.answer(idOf(worker, String(second)), 'fine');
      assert.equal((await other).body, 'fine');
    }
    assert.deepEqual(new Set(answers), new Set(['']), 'nobody was cut off early');
    assert.equal(await inFlight(), sockets.length);
    clock.advance(2000);
    await until(() => answers.every((answer) => answer.endsWith('}}')), 'their answers');
    for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 408 .*"code":"request-timeout"/s);
    assert.equal(await inFlight(), 0);
    for (const socket of sockets) socket.destroy();
  });

  it('drops what waits, and cancels what a worker has, when its client hangs up', async () => {
    await test.apply({});
    const worker = test.workers.at(0);
    worker.ready();
    const hangUp = new AbortController();
    const asked = ['a', 'b', 'c'].map((body) => test.ask(predict, { body, signal: hangUp.signal }));
    await until(() => worker.requests.length === 2, 'two requests');
    for (;;) if ((await queueDepth()) === 1) break;
    hangUp.abort();
    await Promise.allSettled(asked);
    await until(() => signals(worker, frameType.cancel).length === 2, 'both to be cancelled');
    assert.equal(await queueDepth(), 0);
    for (const { id } of worker.requests) worker.send(frameType.empty, id);
    const next = ask('d');
    await until(() => worker.requests.length === 3, 'the next request');
    worker.answer(idOf(worker, 'd'), '4');
    assert.equal((await next).status, 200);
    assert.match((await test.admin('GET', '/metrics')).body, /status="499"\} [12]/);
  });

  it('notices that a client hangs up whose answer waits behind another one on its connection', async () => {
    await test.apply({});
    const worker = test.workers.at(0);
    worker.ready();
    const { hostname, port } = new URL(test.gateway.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(['a', 'b'].map((body) => `POST ${predict} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n${body}`).join(''));
    await until(() => worker.requests.length === 2, 'both requests');
    socket.destroy();
    await until(() => signals(worker, frameType.cancel).length === 2, 'both to be cancelled');
    for (const { id } of worker.requests) worker.send(frameType.empty, id);
  });

  it('cancels a stream that begins after its client has hung up', async () => {
    await test.apply({});
    const worker = test.workers.at(0);
    worker.ready();
    const hangUp = new AbortController();
    const asked = test.ask(predict, { body: 'a', signal: hangUp.signal });
    await until(() => worker.requests.length === 1, 'the request');
    hangUp.abort();
    await assert.rejects(asked);
    await until(() => signals(worker, frameType.cancel).length === 1, 'the cancellation');
    // It came when `predict` had returned, and the stream was not there yet.
    worker.respond(idOf(worker, 'a'), 200, [], 'some', true);
    await until(() => signals(worker, frameType.cancel).length === 2, 'the cancellation of the stream');
    worker.send(frameType.end, idOf(worker, 'a'), Buffer.from([1]));
    const isOver = async (): Promise<boolean> => /^spell_requests_in_flight 0$/m.test((await test.admin('GET', '/metrics')).body);
    for (;;) if (await isOver()) break;
  });

  it('answers 500 what a worker had begun when it died, and gives the rest to the next one in its order', async () => {
    await test.apply({});
    const first = test.workers.at(0);
    first.ready();
    const [a, b, c] = await askInOrder(first, 'a', 'b', 'c');
    first.die({ signal: 'SIGKILL', begun: 1 });
    const died = await a;
    assert.deepEqual([died?.status, codeOf(died as Answer)], [500, 'worker-died']);
    assert.match(died?.body ?? '', /while it ran this request, the worker was ended by SIGKILL/);
    clock.advance(0);
    await test.workers.until(() => test.workers.workers.length === 2);
    const second = test.workers.at(1);
    second.ready();
    await until(() => second.requests.length === 2, 'the others');
    assert.deepEqual(bodies(second), ['b', 'c']);
    second.answer(idOf(second, 'b'), '2');
    second.answer(idOf(second, 'c'), '3');
    assert.deepEqual([(await b)?.body, (await c)?.body], ['2', '3']);
  });

  it('answers what a worker had finished and not sent when it died', async () => {
    await test.apply({});
    const first = test.workers.at(0);
    first.ready();
    const [a, b, c] = await askInOrder(first, 'a', 'b', 'c');
    first.sends = false;
    first.answer(idOf(first, 'a'), '1');
    first.die({ signal: 'SIGKILL', begun: 2 });
    assert.deepEqual([(await a)?.status, (await a)?.body], [200, '1']);
    assert.equal((await b)?.status, 500, 'it ran');
    clock.advance(0);
    await test.workers.until(() => test.workers.workers.length === 2);
    const second = test.workers.at(1);
    second.ready();
    await until(() => second.requests.length === 1, 'the other');
    second.answer(idOf(second, 'c'), '3');
    assert.deepEqual([(await c)?.body, bodies(second)], ['3', ['c']]);
  });

  it('loses nothing that a worker gave back before it sent what nobody can read', async () => {
    await test.apply({});
    const worker = test.workers.at(0);
    worker.ready();
    const asked = await askInOrder(worker, 'a', 'b');
    await test.apply({}, { stopped: true });
    await until(() => signals(worker, frameType.recall).length === 2, 'the recall');
    const recalled = Buffer.from([5, 0, 0, 0, frameType.recalled, 0, 0, 0, 0]);
    recalled.writeUInt32LE(idOf(worker, 'b'), 5);
    worker.channel.push(Buffer.concat([recalled, Buffer.alloc(9, 0xff)]));
    await until(() => worker.killed, 'its end');
    for (const answer of await Promise.all(asked)) assert.deepEqual([answer.status, codeOf(answer)], [503, 'stopped']);
  });

  it('passes over what makes no sense in what a worker left that died of writing where it should not', async () => {
    await test.apply({});
    const first = test.workers.at(0);
    first.ready();
    const [a] = await askInOrder(first, 'a');
    first.die({ signal: 'SIGSEGV', begun: 1, unsent: Buffer.alloc(64, 0xff) });
    assert.deepEqual([(await a)?.status, codeOf((await a) as Answer)], [500, 'worker-died']);
  });

  it('answers nobody twice when what a dead worker left had been sent after all', async () => {
    await test.apply({});
    const first = test.workers.at(0);
    first.ready();
    const asked = ask('a');
    await until(() => first.requests.length === 1, 'the request');
    const a = idOf(first, 'a');
    first.answer(a, '1');
    assert.equal((await asked).body, '1');
    const next = ask('b');
    await until(() => first.requests.length === 2, 'the next request');
    first.sends = false;
    first.answer(a, '1');
    first.die({ signal: 'SIGKILL', begun: 2 });
    assert.deepEqual([(await next).status, codeOf(await next)], [500, 'worker-died']);
  });

  it('does not try a request for ever that kills whoever touches it', async () => {
    await test.apply({});
    test.workers.at(0).ready();
    const poison = ask('poison');
    for (let death = 0; death < 3; death++) {
      await until(() => test.workers.workers[death]?.requests.length === 1, `worker ${death} to get it`);
      test.workers.at(death).die({ begun: 0 });
      if (death === 2) break;
      await until(() => clock.armed > 2 || test.workers.workers.length > death + 1, 'the back-off');
      for (;;) {
        clock.advance(500);
        if (test.workers.workers.length > death + 1) break;
        await new Promise((resolve) => setImmediate(resolve));
      }
      test.workers.at(death + 1).ready();
    }
    assert.equal(codeOf(await poison), 'worker-died');
  });

  it('takes back what waits behind a long request as soon as another worker is idle', async () => {
    await test.apply({ 'num-processes': 2 });
    const [one, two] = [test.workers.at(0), test.workers.at(1)];
    one.ready();
    two.ready();
    const asked = ['a', 'b', 'c'].map((body) => ask(body));
    await until(() => one.requests.length + two.requests.length === 3, 'all three requests');
    const [busy, free] = one.requests.length === 2 ? [one, two] : [two, one];
    free.answer(free.requests[0]?.id ?? -1, 'x');
    await Promise.race(asked);
    clock.advance(20);
    const [running, waiting] = busy.requests;
    await until(() => signals(busy, frameType.recall).length > 0, 'the recall');
    assert.deepEqual(signals(busy, frameType.recall), [waiting?.id]);
    busy.send(frameType.recalled, waiting?.id ?? -1);
    await until(() => free.requests.length === 2, 'it to come to the idle worker');
    assert.equal(free.requests[1]?.body, waiting?.body);
    free.answer(free.requests[1]?.id ?? -1, 'x');
    busy.answer(running?.id ?? -1, 'x');
    for (const answer of await Promise.all(asked)) assert.equal(answer.status, 200);
  });

  it('moves everything not begun to the new revision when that takes over, and lets the old one finish', async () => {
    await test.apply({}, { serving: 1, revisions: { 1: 1 } });
    const old = test.workers.at(0);
    old.ready();
    const [a, b, c] = await askInOrder(old, 'a', 'b', 'c');
    await test.apply({}, { serving: 1, revisions: { 1: 1, 2: 1 } });
    const fresh = test.workers.at(1);
    fresh.ready();
    await test.apply({}, { serving: 2, revisions: { 2: 1 } });
    await until(() => fresh.requests.length === 1 && signals(old, frameType.recall).length === 2, 'the queue to move, and the recall');
    assert.deepEqual(bodies(fresh), ['c']);
    old.send(frameType.recalled, idOf(old, 'b'));
    await until(() => fresh.requests.length === 2, 'the recalled one to move');
    assert.deepEqual(signals(old, frameType.drain), []);
    old.answer(idOf(old, 'a'), 'old');
    await until(() => signals(old, frameType.drain).length === 1, 'DRAIN');
    fresh.answer(idOf(fresh, 'b'), 'new');
    fresh.answer(idOf(fresh, 'c'), 'new');
    assert.deepEqual(
      (await Promise.all([a, b, c])).map((answer) => answer?.body),
      ['old', 'new', 'new'],
    );
    old.die({ code: 0, signal: null });
  });

  it('ends a pod that does not finish within drain-timeout', async () => {
    await test.apply({ 'drain-timeout': 2 });
    const worker = test.workers.at(0);
    worker.ready();
    const asked = ask('a');
    await until(() => worker.requests.length === 1, 'the request');
    worker.begun = 1;
    await test.apply({}, { stopped: true });
    clock.advance(1900);
    assert.equal(worker.killed, false);
    clock.advance(200);
    assert.equal(worker.killed, true);
    const answer = await asked;
    assert.deepEqual([answer.status, codeOf(answer)], [500, 'worker-died']);
    assert.match(answer.body, /did not finish within drain-timeout \(2 s\)/);
  });

  it('streams an answer, and lets the worker go on as the client takes it', async () => {
    await test.apply({});
    const worker = test.workers.at(0);
    worker.ready();
    const asked = ask('a');
    await until(() => worker.requests.length === 1, 'the request');
    const id = idOf(worker, 'a');
    worker.respond(id, 200, [['content-type', 'text/event-stream']], 'one,', true);
    worker.send(frameType.chunk, id, Buffer.from('two,'));
    await until(() => worker.signals.some(({ type }) => type === frameType.credit), 'credit');
    clock.advance(120_000);
    worker.send(frameType.chunk, id, Buffer.from('three'));
    worker.send(frameType.end, id, Buffer.from([0]));
    const answer = await asked;
    assert.deepEqual([answer.status, answer.headers['content-type'], answer.body], [200, 'text/event-stream', 'one,two,three']);
    const credited = (): number =>
      worker.signals
        .filter(({ type }) => type === frameType.credit)
        .reduce((sum, { payload }) => sum + Buffer.from(payload, 'latin1').readUInt32LE(), 0);
    await until(() => credited() === 'one,two,three'.length, 'credit for all of it');
  });

  it('gives a worker more to do while answers of it are streamed, up to a bound', async () => {
    await test.apply({ 'drain-timeout': 5 });
    const worker = test.workers.at(0);
    worker.ready();
    const asked: Promise<Answer>[] = [];
    for (let count = 0; count < 256; count++) {
      asked.push(ask(`stream ${count}`));
      await until(() => worker.requests.length === count + 1, 'the request');
      worker.respond(idOf(worker, `stream ${count}`), 200, [], 'some,', true);
    }
    const more = ask('more');
    for (;;) if ((await queueDepth()) === 1) break;
    worker.send(frameType.end, idOf(worker, 'stream 7'), Buffer.from([0]));
    await until(() => worker.requests.length === 257, 'the one that waited');
    worker.answer(idOf(worker, 'more'), 'quick');
    assert.equal((await more).body, 'quick');
    await test.apply({ 'drain-timeout': 5 }, { stopped: true });
    for (const { id } of worker.requests) worker.send(frameType.end, id, Buffer.from([0]));
    for (const answer of await Promise.all(asked)) assert.equal(answer.body, 'some,');
    await until(() => signals(worker, frameType.drain).length === 1, 'DRAIN, when the last stream has ended');
  });

  it('makes a broken-off stream look broken', async () => {
    await test.apply({});
    const worker = test.workers.at(0);
    worker.ready();
    for (const breakOff of [(id: number) => worker.send(frameType.end, id, Buffer.from([1])), () => worker.die({ begun: 2 })]) {
      const count = worker.requests.length;
      const asked = ask('a');
      await until(() => worker.requests.length > count, 'the request');
      const id = worker.requests.at(-1)?.id ?? -1;
      worker.respond(id, 200, [], 'some', true);
      breakOff(id);
      await assert.rejects(asked, /aborted|hang up|ECONNRESET/);
    }
  });

  it('makes a health that breaks off while it is streamed look broken, too', async () => {
    await test.apply({});
    const worker = test.workers.at(0);
    await readyAndWell(worker, clock);
    const asked = test.ask('/local/echo/health', { method: 'GET' });
    await until(() => worker.requests.length === 2, 'the question');
    worker.respond(worker.requests[1]?.id ?? -1, 200, [], 'some', true);
    worker.die();
    await assert.rejects(asked, /aborted|hang up|ECONNRESET/);
    assert.equal((await test.ask('/local/echo/health', { method: 'GET' })).status, 503);
  });
});
