import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { seededRandom } from '../api/testing/random.ts';
import type { ObservedTraffic } from '../api/traffic.ts';
import type { FakeWorker, ReceivedRequest } from './testing/fake-worker.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from './testing/gateway-under-test.ts';
import { frameType } from './wire/frames.ts';

/** Behaves as a real worker does with one sync predictor: in order, one at a time, in bursts; and dies now and then. */
class BusyWorker {
  readonly #worker: FakeWorker;
  readonly #next: () => number;
  readonly #over: Set<number> = new Set();
  #taken = 0;
  #signals = 0;

  constructor(worker: FakeWorker, next: () => number) {
    this.#worker = worker;
    this.#next = next;
  }

  /** One burst. Returns whether it lives. */
  turn(mayDie: boolean): boolean {
    const worker = this.#worker;
    for (; this.#signals < worker.signals.length; this.#signals++) this.#onSignal(worker.signals[this.#signals]);
    const burst = Math.floor(this.#next() * 6);
    for (let count = 0; count < burst && this.#taken < worker.requests.length; count++) {
      const request = worker.requests[this.#taken] as ReceivedRequest;
      this.#taken++;
      if (this.#over.has(request.id)) continue;
      worker.begun = this.#taken;
      if (mayDie && this.#next() < 0.01) {
        worker.die({ signal: 'SIGKILL' });
        return false;
      }
      this.#over.add(request.id);
      this.#answer(request);
    }
    return true;
  }

  #answer({ id, body }: ReceivedRequest): void {
    const worker = this.#worker;
    switch ((JSON.parse(body) as { kind: number }).kind) {
      case 0:
        worker.error(id, { code: 'predictor-error', message: body.slice(0, 40) });
        break;
      case 1:
        worker.respond(id, 200, [['x-own', '1']], body.slice(0, 10), true);
        worker.send(frameType.chunk, id, Buffer.from(body.slice(10)));
        worker.send(frameType.end, id, Buffer.from([0]));
        break;
      default:
        worker.answer(id, body);
    }
  }

  #onSignal(signal: { type: number; id: number } | undefined): void {
    if (!signal || this.#over.has(signal.id)) return;
    if (signal.type === frameType.cancel) this.#worker.send(frameType.empty, signal.id);
    else if (signal.type === frameType.recall) this.#worker.send(frameType.recalled, signal.id);
    else return;
    this.#over.add(signal.id);
  }
}

describe('two thousand requests of all kinds', () => {
  let test: GatewayUnderTest;
  let running = true;
  before(async () => {
    test = await startGatewayUnderTest();
  });
  after(async () => {
    running = false;
    await test.close();
  });

  it('get each its own answer, over hang-ups, deadlines, dying workers and a switch of revisions, and leave nothing behind', async () => {
    const next = seededRandom(20_261_122);
    await test.apply({ 'num-processes': 2, 'max-queue': 5000 }, { revisions: { 1: 2 } });
    const outcomes = new Map<string, number>();
    const busy = new Map<FakeWorker, BusyWorker>();
    const work = async (): Promise<void> => {
      let mayDie = true;
      while (running) {
        for (const worker of test.workers.workers) {
          let mine = busy.get(worker);
          if (!mine) {
            mine = new BusyWorker(worker, next);
            busy.set(worker, mine);
            worker.ready();
          }
          // Only in the beginning: restarts wait longer each time.
          if (!mine.turn(mayDie)) mayDie = false;
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const working = work();
    const one = async (index: number): Promise<void> => {
      const kind = Math.floor(next() * 20);
      const size = next() < 0.02 ? 200_000 : Math.floor(next() * 300);
      const body = JSON.stringify({ index, kind, filler: 'x'.repeat(size) });
      const hangUp = new AbortController();
      const leaves = next() < 0.1;
      if (leaves) setTimeout(() => hangUp.abort(), next() * 10);
      const headers: Record<string, string> = { 'x-request-id': `r-${index}` };
      if (next() < 0.1) headers['x-request-timeout'] = String(next() * 0.05 + 0.001);
      const outcome = await ask(test, body, headers, hangUp.signal).catch(() => 'gone');
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (outcome === 'gone') assert.ok(leaves, `request ${index} was cut off`);
    };
    let index = 0;
    const client = async (): Promise<void> => {
      while (index < 2000) {
        const mine = index++;
        if (mine === 1000) await test.apply({ 'num-processes': 2 }, { serving: 2, revisions: { 2: 1 } });
        await one(mine);
      }
    };
    await Promise.all(Array.from({ length: 40 }, client));
    const deadline = performance.now() + 5000;
    for (let left = ''; left !== '0'; ) {
      left = /spell_requests_in_flight ([0-9]+)/.exec((await test.admin('GET', '/metrics')).body)?.[1] ?? '';
      assert.ok(performance.now() < deadline, `${left} slots were not given back`);
    }
    running = false;
    await working;
    assert.ok((outcomes.get('200') ?? 0) > 1500, JSON.stringify([...outcomes]));
    assert.ok((outcomes.get('worker-died') ?? 0) <= 1, JSON.stringify([...outcomes]));
    assert.deepEqual(
      [...outcomes.keys()].filter((each) => !['200', 'predictor-error', 'deadline', 'gone', 'worker-died'].includes(each)),
      [],
    );
    // Whatever happened to a request, it was counted once, and what nobody hung up on was counted as its client saw it.
    const { inFlight, queueDepth, pods } = JSON.parse((await test.admin('GET', '/traffic/local/echo')).body) as ObservedTraffic;
    assert.deepEqual([inFlight, queueDepth], [0, 0]);
    const counted = (wanted: RegExp): number =>
      pods.flatMap(({ answers }) => answers).reduce((sum, { cause, count }) => (wanted.test(cause) ? sum + count : sum), 0);
    const seen = (outcome: string): number => outcomes.get(outcome) ?? 0;
    const left = seen('gone');
    assert.ok(counted(/./) <= 2000 && counted(/./) >= 2000 - left, `${counted(/./)} were counted`);
    for (const [cause, outcome] of [
      [/^answered$/, '200'],
      [/^predictor-error$/, 'predictor-error'],
      [/^deadline-/, 'deadline'],
    ] as const) {
      assert.ok(
        counted(cause) >= seen(outcome) && counted(cause) <= seen(outcome) + left,
        `${counted(cause)} × ${cause} for ${seen(outcome)}`,
      );
    }
  });
});

/** The status or error code of one request; fails if its answer is not its own. */
async function ask(test: GatewayUnderTest, body: string, headers: Record<string, string>, signal: AbortSignal): Promise<string> {
  const answer = await test.ask('/local/echo/predict', { body, headers, signal });
  assert.equal(answer.headers['x-request-id'], headers['x-request-id']);
  if (answer.status === 200) {
    assert.equal(answer.body, body);
    return '200';
  }
  const { error } = JSON.parse(answer.body) as { error: { code: string; message: string; request_id: string } };
  assert.equal(error.request_id, headers['x-request-id']);
  if (error.code === 'predictor-error') assert.equal(error.message, body.slice(0, 40));
  return error.code;
}
