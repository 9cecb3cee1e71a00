import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Cause } from '../../runtime/api/causes.ts';
import { mergeHistograms, quantileMs } from '../../runtime/api/histogram.ts';
import type { LogLine } from '../../runtime/api/objects.ts';
import type { BatchRecord, ObservedTraffic, RequestRecord } from '../../runtime/api/traffic.ts';
import { Connections, type Reply } from '../harness/connections.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';

// Real gateway, real workers: what their stages took, why each request ended, why each batch began.

const predictor = (batched: boolean): string => `
import os, signal, time
from spell.serving import BasePredictor


def one(item):
    kind = item["kind"]
    if kind == "raises":
        raise ValueError("of its own")
    if kind == "unsendable":
        return object()
    if kind == "kills":
        os.kill(os.getpid(), signal.SIGKILL)
    while kind == "gated" and not os.path.exists("gate"):
        time.sleep(0.002)
    time.sleep(item.get("s", 0))
    return kind


class Predictor(BasePredictor):
${batched ? '    def prepare(self, payload):\n        time.sleep(payload.get("prepare_s", 0))\n        return payload\n' : ''}
    def predict(self, payload):
        ${batched ? 'print("batch of", len(payload))\n        return [one(item) for item in payload]' : 'return one(payload)'}
`;

const names = { 1: 'plain', 2: 'adaptive', 3: 'fixed', 4: 'narrow' } as const;

describe('what is happening is visible, with real workers', () => {
  let gateway: RealGateway;
  const connections = new Connections();
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, predictor(false));
    await gateway.revision(2, predictor(true), { 'max-batch-size': 4 });
    await gateway.revision(3, predictor(true), { 'max-batch-size': 4, 'request-timeout': 30 });
    await gateway.revision(4, predictor(false), { 'max-queue': 1, 'predict-timeout': 20 });
    for (const [revision, name] of Object.entries(names)) await gateway.apply(name, Number(revision), { [revision]: 1 });
    for (const [revision, name] of Object.entries(names)) await gateway.ready(name, Number(revision));
  });
  after(async () => {
    connections.close();
    await gateway.close();
  });

  const get = async <T>(what: string, name: string): Promise<T> => JSON.parse(await gateway.admin('GET', `/${what}/local/${name}`)) as T;
  const ask = (name: string, item: object, id: string, headers: Record<string, string> = {}): Promise<Reply> =>
    connections.post(gateway.url(name), item, { headers: { 'x-request-id': id, ...headers } });
  const recordOf = async (name: string, id: string): Promise<RequestRecord> => {
    const found = (await get<RequestRecord[]>('requests', name)).find((each) => each.id === id);
    assert.ok(found, `${id} is not among the last requests`);
    return found;
  };
  const causesOf = async (name: string): Promise<Partial<Record<Cause, number>>> => {
    const counts: Partial<Record<Cause, number>> = {};
    for (const { answers } of (await get<ObservedTraffic>('traffic', name)).pods)
      for (const { cause, count } of answers) counts[cause] = (counts[cause] ?? 0) + count;
    return counts;
  };
  const timingOf = ({ headers }: Reply): Record<string, number> =>
    Object.fromEntries(
      String(headers['server-timing'])
        .split(', ')
        .map((entry) => {
          const [name = '', duration] = entry.split(';dur=');
          return [name, Number(duration)];
        }),
    );

  it('each stage takes what it takes, and who asks for it is told; who does not, is not', async () => {
    const silent = await ask('adaptive', { kind: 'warm' }, 'silent');
    assert.equal(silent.headers['server-timing'], undefined);
    const reply = await ask('adaptive', { kind: 'timed', s: 0.04, prepare_s: 0.02 }, 'timed', { 'x-spell-timing': '1' });
    const timing = timingOf(reply);
    assert.deepEqual(Object.keys(timing), ['queue', 'prepare', 'predict', 'reply']);
    assert.ok((timing.prepare ?? 0) >= 20 && (timing.predict ?? 0) >= 40, JSON.stringify(timing));
    const { totalMs, queueMs, prepareMs, predictMs, replyMs, ...record } = await recordOf('adaptive', 'timed');
    assert.deepEqual([queueMs, prepareMs, predictMs, replyMs], [timing.queue, timing.prepare, timing.predict, timing.reply]);
    const sum = Object.values(timing).reduce((all, ms) => all + ms, 0);
    assert.ok(sum <= totalMs + 0.01, `the stages take ${sum} ms of ${totalMs}`);
    assert.deepEqual([record.status, record.cause, record.worker], [200, 'answered', 0]);
    assert.match(record.batch ?? '', /^w0-\d+$/);
  });

  it('what waits behind another one waits in the queue, and says how many stood before it', async () => {
    const replies = [ask('plain', { kind: 'gated' }, 'first')];
    const inFlight = async (): Promise<number> => (await get<ObservedTraffic>('traffic', 'plain')).inFlight;
    for (const id of ['second', 'third']) {
      await eventually(async () => assert.equal(await inFlight(), replies.length), 5000);
      replies.push(ask('plain', { kind: 'fine' }, id));
    }
    await eventually(async () => assert.equal(await inFlight(), 3), 5000);
    const allThere = performance.now();
    await get('requests', 'plain');
    const waitedMs = performance.now() - allThere;
    await writeFile(join(gateway.home, 'project-1', 'gate'), '');
    await Promise.all(replies);
    const records = await Promise.all(['first', 'second', 'third'].map((id) => recordOf('plain', id)));
    assert.deepEqual(
      records.map(({ ahead }) => ahead),
      [0, 1, 0],
      'the second one stands behind the first in the worker, the third at the head of the queue',
    );
    assert.ok((records[0]?.predictMs ?? 0) >= waitedMs);
    for (const { queueMs } of records.slice(1)) assert.ok((queueMs ?? 0) >= waitedMs, `${queueMs} ≥ ${waitedMs}`);
  });

  it('errors, odd results and bad bodies have their causes and counts', async () => {
    const before = await causesOf('plain');
    await ask('plain', { kind: 'raises' }, 'raises');
    await ask('plain', { kind: 'unsendable' }, 'unsendable');
    await connections.post(gateway.url('plain'), 0, { headers: { 'x-request-timeout': 'soon' } });
    const late = await ask('plain', { kind: 'slow', s: 0.3 }, 'late', { 'x-request-timeout': '0.05' });
    assert.equal(late.status, 504);
    const leaver = new AbortController();
    const left = connections.post(gateway.url('plain'), { kind: 'slow', s: 0.05 }, { signal: leaver.signal });
    await eventually(async () => assert.equal((await get<ObservedTraffic>('traffic', 'plain')).inFlight, 1), 5000);
    leaver.abort();
    await assert.rejects(left);
    await eventually(async () => {
      const now = await causesOf('plain');
      const grown = Object.entries(now).flatMap(([cause, count]) => {
        const more = count - (before[cause as Cause] ?? 0);
        return more === 0 ? [] : [[cause, more]];
      });
      const expected = { 'predictor-error': 1, 'bad-result': 1, 'bad-request': 1, 'deadline-running': 1, 'gone-running': 1 };
      assert.deepEqual(Object.fromEntries(grown), expected);
    }, 5000);
  });

  it('a worker that dies names whom it cost; one that dies of a request alone names the poison', async () => {
    assert.equal((await ask('plain', { kind: 'kills' }, 'killer')).status, 500);
    assert.equal((await recordOf('plain', 'killer')).cause, 'worker-died');
    await gateway.ready('plain', 1);
    const [guilty, innocent] = await Promise.all([
      ask('fixed', { kind: 'kills' }, 'guilty', { 'x-request-timeout': '15' }),
      ask('fixed', { kind: 'fine' }, 'innocent', { 'x-request-timeout': '15' }),
    ]);
    assert.deepEqual([guilty.status, innocent.status], [500, 200]);
    assert.deepEqual([(await recordOf('fixed', 'guilty')).cause, (await recordOf('fixed', 'innocent')).cause], ['poison', 'answered']);
    const together = (await get<BatchRecord[]>('batches', 'fixed')).find(({ requests }) => requests.length === 2);
    assert.deepEqual(together?.outcome, { running: 0, answered: 0, failed: 0, gone: 0, retried: 2 });
  });

  it('a refusal says that the queue was full, beside those that got in', async () => {
    const running = [1, 2, 3].map((number) => ask('narrow', { kind: 'gated' }, `kept-${number}`));
    await eventually(async () => assert.equal((await get<ObservedTraffic>('traffic', 'narrow')).queueDepth, 1), 5000);
    assert.equal((await ask('narrow', { kind: 'gated' }, 'refused')).status, 429);
    const { inFlight } = await get<ObservedTraffic>('traffic', 'narrow');
    assert.equal(inFlight, 3);
    await writeFile(join(gateway.home, 'project-4', 'gate'), '');
    for (const reply of await Promise.all(running)) assert.equal(reply.status, 200);
    const { status, cause, pod, queueMs } = await recordOf('narrow', 'refused');
    assert.deepEqual([status, cause, pod, queueMs], [429, 'queue-full', null, null]);
    assert.deepEqual(await causesOf('narrow'), { answered: 3, 'queue-full': 1 });
  });

  it('batches say why they began and whom they waited for, and the guilty are named', async () => {
    const gated = ask('adaptive', { kind: 'gated' }, 'gated');
    await eventually(async () => assert.equal((await get<BatchRecord[]>('batches', 'adaptive'))[0]?.requests[0], 'gated'), 5000);
    const next = ['a', 'b', 'c', 'd'].map((id) => ask('adaptive', { kind: id === 'c' ? 'raises' : 'fine' }, id));
    await eventually(async () => assert.equal((await get<ObservedTraffic>('traffic', 'adaptive')).inFlight, 5), 5000);
    // A request that a worker has is prepared at once: nothing else is there to wait for but the gate.
    const lines = async (text: string): Promise<LogLine[]> =>
      (await gateway.admin('GET', '/logs/local/adaptive'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LogLine)
        .filter((line) => line.text.includes(text));
    await writeFile(join(gateway.home, 'project-2', 'gate'), '');
    await Promise.all([gated, ...next]);
    const batches = await get<BatchRecord[]>('batches', 'adaptive');
    const first = batches.find(({ requests }) => requests.includes('gated'));
    const second = batches.find(({ requests }) => requests.includes('c'));
    assert.deepEqual([first?.size, first?.reason], [1, 'worker-free']);
    assert.equal(second?.after, first?.id);
    assert.ok((second?.waitedMs?.longest ?? 0) >= (second?.waitedMs?.shortest ?? 1));
    assert.equal(second?.isolated, (second?.size ?? 0) > 1);
    assert.equal(second?.outcome.failed, 1);
    assert.equal((await recordOf('adaptive', 'c')).cause, (second?.size ?? 0) > 1 ? 'poison' : 'predictor-error');
    if (second !== undefined && second.size > 1) {
      const [line] = await lines(`batch of ${second.size}`);
      assert.deepEqual([line?.batch, line?.requestId], [second.id, null]);
    }
  });

  it('a window that is over is told apart from a batch that is full', async () => {
    await gateway.ready('fixed', 3);
    await ask('fixed', { kind: 'fine' }, 'lone');
    await Promise.all([1, 2, 3, 4].map((number) => ask('fixed', { kind: 'fine' }, `full-${number}`)));
    const batches = await get<BatchRecord[]>('batches', 'fixed');
    const of = (id: string): BatchRecord | undefined => batches.find(({ requests }) => requests.includes(id));
    assert.deepEqual([of('lone')?.reason, of('lone')?.size], ['timeout', 1]);
    assert.ok((of('lone')?.waitedMs?.longest ?? 0) >= 25);
    assert.equal(of('full-1')?.reason, 'full');
  });

  it('counts are exact over pods that come and go, and quantiles are those of the requests', async () => {
    await gateway.revision(5, predictor(false), { 'num-processes': 2 });
    await gateway.apply('many', 5, { 5: 2 });
    await gateway.ready('many', 5, 2);
    const total = 600;
    const answered = await Promise.all(Array.from({ length: total }, (_, index) => ask('many', { kind: 'fine' }, `many-${index}`)));
    assert.ok(answered.every(({ status }) => status === 200));
    const read = async (): Promise<[number, number, number, number]> => {
      const { pods } = await get<ObservedTraffic>('traffic', 'many');
      const counted = pods.flatMap(({ answers }) => answers).reduce((sum, { count }) => sum + count, 0);
      const histogram = mergeHistograms(pods.map(({ stages }) => stages.total));
      return [pods.length, counted, histogram.count, quantileMs(histogram, 0.5) ?? 0];
    };
    const [podsBefore, counted, inHistogram, median] = await read();
    assert.deepEqual([podsBefore, counted, inHistogram], [3, total, total]);
    const kept = (await get<RequestRecord[]>('requests', 'many')).map(({ totalMs }) => totalMs).sort((a, b) => a - b);
    assert.ok(median >= (kept[0] ?? 0) && median <= (kept.at(-1) ?? 0));
    await gateway.apply('many', 5, { 5: 1 });
    await eventually(async () => assert.deepEqual((await read()).slice(0, 3), [2, total, total]), 10_000);
  });
});
