import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { GatewayObservation, GatewayServerObserved } from './admin.ts';
import { FakeClock } from './testing/fake-clock.ts';
import type { FakeWorker } from './testing/fake-worker.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from './testing/gateway-under-test.ts';
import { until } from './testing/until.ts';
import { frameType, type StartMessage } from './wire/frames.ts';

const health = { async: false, needsHead: false };
type Observed = GatewayServerObserved['revisions'][number];

describe('the life of pods, on a clock that stands still', () => {
  let clock: FakeClock;
  let test: GatewayUnderTest;
  let watch: Watch;
  beforeEach(async () => {
    clock = new FakeClock();
    test = await startGatewayUnderTest(clock);
    watch = await Watch.open(test);
  });
  afterEach(async () => {
    watch.close();
    await test.close();
  });

  const revision = (number = 1): Observed | undefined => watch.last?.servers[0]?.revisions.find((each) => each.revision === number);
  const states = (number = 1): string[] => revision(number)?.pods.map(({ state }) => state) ?? [];
  const worker = (index: number): FakeWorker => test.workers.at(index);
  const started = (count: number): Promise<void> => until(() => test.workers.workers.length === count, `${count} workers`);
  /** Lets time pass in small steps, and what it causes happen. */
  const pass = async (ms: number): Promise<void> => {
    for (let step = 0; step < 10; step++) {
      clock.advance(ms / 10);
      for (let count = 0; count < 3; count++) await turn();
    }
  };

  it('a pod is ready when all its workers are, and each is told who it is', async () => {
    await test.apply({ 'num-processes': 2, 'hard-timeout': 7 });
    await until(() => states()[0] === 'starting', 'the pod to be seen');
    worker(0).ready();
    await until(() => worker(0).signals.length > 0, 'START');
    assert.equal(states()[0], 'starting');
    worker(1).ready();
    await until(() => states()[0] === 'ready', 'ready');
    const start = JSON.parse(worker(1).signals[0]?.payload ?? '') as StartMessage;
    assert.deepEqual([start.worker, start.pod, start.limits.hardTimeoutMs], [1, 'echo-1-pod1', 7000]);
    const { env } = worker(1).command;
    assert.deepEqual([env.SPELL_OWNER, env.SPELL_SERVER, env.SPELL_REVISION, env.SPELL_POD], ['local', 'echo', '1', 'echo-1-pod1']);
    assert.notEqual(env.SPELL_WORKER, worker(0).command.env.SPELL_WORKER);
    assert.deepEqual(
      revision()?.pods[0]?.workers.map(({ pid }) => pid),
      [1000, 1001],
    );
  });

  it('a predictor that cannot start is final at once, with what it said and the last lines', async () => {
    await test.apply({});
    worker(0).stderr.write('Traceback: no such file\n');
    await turn();
    worker(0).fail('raised', 'FileNotFoundError: model.bin');
    await until(() => revision()?.failure, 'the failure');
    const failure = revision()?.failure;
    assert.deepEqual(
      [failure?.final, failure?.code, failure?.message, failure?.file, failure?.line],
      [true, 'raised', 'FileNotFoundError: model.bin', 'p.py', 3],
    );
    assert.deepEqual(failure?.log, ['Traceback: no such file']);
    await until(() => states()[0] === 'failed', 'the pod to be given up');
    assert.equal(revision()?.pods[0]?.reason, 'FileNotFoundError: model.bin');
    await pass(29_000);
    assert.equal(test.workers.workers.length, 1);
    const refused = await test.ask('/local/echo/predict', { body: '1' });
    assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '30']);
    assert.match(refused.body, /model\.bin/);
  });

  it('a revision that failed for good is tried anew every 30 s as long as it is desired, and can come back', async () => {
    await test.apply({});
    worker(0).fail('raised', 'no');
    await until(() => states()[0] === 'failed', 'the pod to be given up');
    await pass(36_000);
    await started(2);
    assert.equal(revision()?.failure?.final, true);
    worker(1).fail('raised', 'no');
    await pass(36_000);
    await started(3);
    worker(2).ready();
    await until(() => states()[0] === 'ready', 'ready');
    assert.equal(revision()?.failure, null);
    await test.apply({}, { revisions: {} });
    worker(2).die({ code: 0, signal: null });
    await pass(100_000);
    assert.equal(test.workers.workers.length, 3);
  });

  it('a worker that dies while it starts is tried three times more, and then it is final', async () => {
    await test.apply({});
    for (let death = 0; death < 4; death++) {
      await until(() => test.workers.workers.length === death + 1, `start ${death}`);
      worker(death).die();
      await pass(2000);
    }
    await until(() => revision()?.failure?.final === true, 'the final failure');
    assert.equal(revision()?.failure?.code, 'worker-died');
    await pass(20_000);
    assert.equal(test.workers.workers.length, 4);
  });

  it('a predictor that is not loaded in time is ended, and it is final', async () => {
    await test.apply({ 'startup-timeout': 30 });
    await pass(31_000);
    assert.ok(worker(0).killed);
    await until(() => revision()?.failure?.code === 'startup-timeout', 'the failure');
    assert.equal(revision()?.failure?.final, true);
  });

  it('a revision that was ready once is restarted for ever; its crash loop is reported with the last lines', async () => {
    await test.apply({});
    for (let death = 0; death < 5; death++) {
      await until(() => test.workers.workers.length === death + 1, `start ${death}`);
      worker(death).stdout.write(`attempt ${death}\n`);
      worker(death).ready();
      await until(() => states()[0] === 'ready', 'ready');
      worker(death).die();
      await until(() => states()[0] !== 'ready', 'not ready');
      assert.match(revision()?.pods[0]?.reason ?? '', /^worker 0 was ended by SIGKILL/);
      if (death >= 2) {
        await until(() => revision()?.failure?.code === 'crash-loop', 'the crash loop');
        assert.ok(revision()?.failure?.log.includes(`attempt ${death}`));
        assert.equal(revision()?.failure?.final, false);
      }
      if (death === 1) {
        await until(() => states()[0] === 'backing-off', 'the back-off');
        assert.match(revision()?.pods[0]?.reason ?? '', /SIGKILL.*0\.5 s/);
      }
      await pass(10_000);
    }
    assert.equal(revision()?.pods[0]?.restarts, 5);
    worker(5).fail('raised', 'now even this');
    await pass(60_000);
    assert.equal(test.workers.workers.length, 7);
    assert.equal(revision()?.failure?.final, false);
  });

  it('a worker that runs one request longer than hard-timeout is replaced; a busy one is not', async () => {
    await test.apply({ 'hard-timeout': 20, 'predict-timeout': 5 });
    worker(0).ready();
    const asked = test.ask('/local/echo/predict', { body: '1' });
    await until(() => worker(0).requests.length === 1, 'the request');
    worker(0).begun = 1;
    await pass(19_000);
    assert.equal((await asked).status, 504);
    assert.equal(worker(0).killed, false);
    await pass(3000);
    assert.ok(worker(0).killed);
    await started(2);
  });

  it('a request that is still awaited when its worker is ended for hard-timeout is told so', async () => {
    await test.apply({ 'hard-timeout': 5, 'predict-timeout': 60 });
    worker(0).ready();
    const asked = test.ask('/local/echo/predict', { body: '1' });
    await until(() => worker(0).requests.length === 1, 'the request');
    worker(0).begun = 1;
    await pass(6000);
    const answer = await asked;
    assert.equal(answer.status, 500);
    assert.match(answer.body, /the worker was ended: one request ran longer than hard-timeout \(5 s\)/);
  });

  it('a worker that has nothing to do and answers no ping is replaced; one that answers is not', async () => {
    await test.apply({ 'num-processes': 2 });
    worker(0).ready();
    worker(1).ready();
    await until(() => states()[0] === 'ready', 'ready');
    worker(1).answersPings = false;
    for (let second = 0; second < 15; second++) await pass(1000);
    assert.deepEqual([worker(0).killed, worker(1).killed], [false, true]);
  });

  it("a predictor's own health decides: one success to begin with, three failures out, one success back", async () => {
    await test.apply({});
    const only = worker(0);
    only.ready({ health });
    const answerProbe = async (good: boolean): Promise<void> => {
      const count = only.requests.length;
      await until(() => {
        clock.advance(100);
        return only.requests.length > count;
      }, 'a question for health');
      const asked = only.requests.at(-1);
      assert.equal(asked?.kind, 1);
      if (good) only.answer(asked?.id ?? -1, 'true');
      else only.respond(asked?.id ?? -1, 503, [], 'no');
      await turn();
    };
    await answerProbe(false);
    await until(() => /503/.test(revision()?.pods[0]?.reason ?? ''), 'the reason');
    assert.equal(states()[0], 'starting');
    await answerProbe(true);
    await until(() => states()[0] === 'ready', 'ready');
    for (let count = 0; count < 3; count++) await answerProbe(false);
    await until(() => states()[0] === 'unhealthy', 'unhealthy');
    const refused = await test.ask('/local/echo/predict', { body: '1' });
    assert.equal(refused.status, 503);
    assert.match(refused.body, /"code":"unhealthy"/);
    await answerProbe(true);
    await until(() => states()[0] === 'ready', 'ready again');
  });

  it('a health that does not answer within 5 s counts as failed, and a late answer harms nothing', async () => {
    await test.apply({});
    worker(0).ready({ health });
    await until(() => {
      clock.advance(10);
      return worker(0).requests.length === 1;
    }, 'the question');
    await pass(5100);
    await until(() => /5 s/.test(revision()?.pods[0]?.reason ?? ''), 'the failure');
    assert.equal(worker(0).signals.filter(({ type }) => type === frameType.cancel).length, 1);
    worker(0).answer(worker(0).requests[0]?.id ?? -1, 'true');
    await turn();
    assert.equal(states()[0], 'starting');
  });

  it('fewer pods desired: those that are missed least drain, the others serve on', async () => {
    await test.apply({}, { revisions: { 1: 3 } });
    worker(0).ready();
    worker(2).ready();
    await until(() => states().filter((state) => state === 'ready').length === 2, 'two to be ready');
    await test.apply({}, { revisions: { 1: 1 } });
    assert.deepEqual([worker(0).killed, worker(1).killed], [false, true]);
    await until(() => worker(2).signals.some(({ type }) => type === frameType.drain), 'the newest to drain');
    worker(2).die({ code: 0, signal: null });
    await until(() => states().length === 1, 'one pod to be left');
    assert.deepEqual(states(), ['ready']);
  });

  it('a model server that is removed is 404 at once, and gone with its pods', async () => {
    await test.apply({});
    worker(0).ready();
    await until(() => states()[0] === 'ready', 'ready');
    await test.admin('DELETE', '/servers/local/echo');
    assert.equal((await test.ask('/local/echo/predict', { body: '1' })).status, 404);
    await until(() => worker(0).signals.some(({ type }) => type === frameType.drain), 'DRAIN');
    worker(0).die({ code: 0, signal: null });
    await until(() => watch.last?.servers.length === 0, 'it to be gone');
  });

  it('when the last watcher vanishes a control plane is started, unless it said that it goes', async () => {
    const second = await Watch.open(test);
    await test.admin('POST', '/detach');
    second.close();
    watch.close();
    await pass(20_000);
    assert.equal(test.controlPlanes.started, 0);
    watch = await Watch.open(test);
    watch.close();
    await until(() => test.controlPlanes.started === 1, 'a control plane');
  });

  it('the lines of its pods are followed from the beginning over the admin socket', async () => {
    await test.apply({});
    worker(0).stdout.write('\x1er-1\x1fINFO\x1fhello\n');
    await turn();
    const answer = await test.admin('GET', '/logs/local/echo?tail=10');
    const lines = answer.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { text: string; stream: string; requestId: string | null });
    assert.deepEqual(
      lines.map(({ stream, text, requestId }) => [stream, text, requestId]),
      [
        ['lifecycle', 'created', null],
        ['lifecycle', 'starting', null],
        ['stdout', 'hello', 'r-1'],
      ],
    );
  });
});

/** One open `/watch`. */
class Watch {
  last: GatewayObservation | undefined;
  readonly #socket: Socket;

  static async open(test: GatewayUnderTest): Promise<Watch> {
    const watch = new Watch(connect(test.adminSocket));
    await until(() => watch.last, 'the first observation');
    return watch;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    let rest = '';
    socket.setEncoding('utf8').on('data', (piece: string) => {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('{')) this.last = JSON.parse(line) as GatewayObservation;
    });
    socket.on('error', () => {});
    socket.write('GET /watch HTTP/1.1\r\nhost: gateway\r\n\r\n');
  }

  close(): void {
    this.#socket.destroy();
  }
}
