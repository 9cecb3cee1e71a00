import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { seededRandom } from '../../runtime/api/testing/random.ts';
import { Connections, type PostOptions } from '../harness/connections.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { processesOfHome } from '../harness/processes.ts';

// Real batches in real workers: each answer is the one that the request would get alone.

/** What a request is answered does not depend on its company; `kind` says what goes wrong with it. */
const predictor = (batched: boolean): string => `
import os, signal, time
from starlette.responses import JSONResponse
from spell.serving import BasePredictor


def one(item):
    if item["kind"] == "raises":
        raise ValueError(item["id"])
    if item["kind"] == "unsendable":
        return object()
    if item["kind"] == "response":
        return JSONResponse({"id": item["id"]}, 202)
    if item["kind"] == "kills":
        os.kill(os.getpid(), signal.SIGKILL)
    return {"id": item["id"], "text": item["text"].upper()}


class Predictor(BasePredictor):
    def predict(self, payload):
        ${batched ? 'time.sleep(max(item["ms"] for item in payload) / 1000)\n        return [one(item) for item in payload]' : 'return one(payload)'}
`;

interface Item {
  id: number;
  kind: 'plain' | 'raises' | 'unsendable' | 'response' | 'kills';
  text: string;
  ms: number;
}

/** The status and the body, without what names the single request. */
async function outcome(connections: Connections, url: string, item: Item, options: PostOptions = {}): Promise<string> {
  const { status, headers, body } = await connections.post(url, item, options);
  if (status < 500) return `${status} ${headers['content-type']} ${body}`;
  return `${status} ${(JSON.parse(body) as { error: { code: string } }).error.code}`;
}

const count = Number(process.env.SPELL_TEST_REQUESTS ?? 10_000);

describe('batches in real workers', () => {
  let gateway: RealGateway;
  const connections = new Connections();
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, predictor(false));
    await gateway.revision(2, predictor(true), { 'max-batch-size': 16, 'num-processes': 2 });
    await gateway.revision(3, predictor(true), { 'max-batch-size': 8, 'request-timeout': 20 });
    await gateway.revision(4, predictor(true), { 'max-batch-size': 4, 'request-timeout': 200 });
    for (const [name, revision] of [
      ['unbatched', 1],
      ['adaptive', 2],
      ['fixed', 3],
      ['killed', 4],
    ] as const) {
      await gateway.apply(name, revision, { [revision]: 1 });
      await gateway.ready(name, revision);
    }
  });
  after(async () => {
    const { home } = gateway;
    connections.close();
    await gateway.close();
    assert.deepEqual(await processesOfHome(home), []);
  });

  for (const [name, requests] of [
    ['adaptive', count],
    ['fixed', Math.ceil(count / 5)],
  ] as const) {
    it(`${requests} requests of all kinds: each is answered as it is alone (${name})`, async () => {
      const next = seededRandom(20_261_122);
      const kinds: Item['kind'][] = ['plain', 'plain', 'plain', 'plain', 'plain', 'plain', 'plain', 'response', 'raises', 'unsendable'];
      let id = 0;
      let left = 0;
      const wrong: string[] = [];
      const client = async (): Promise<void> => {
        while (id < requests) {
          const text = 'äx"'.repeat(Math.floor(next() * (next() < 0.02 ? 20_000 : 40)));
          const item: Item = { id: id++, kind: kinds[Math.floor(next() * kinds.length)] ?? 'plain', text, ms: next() * 4 };
          const leaves = next() < 0.1;
          const options = leaves ? { signal: AbortSignal.timeout(Math.floor(next() * 10)) } : {};
          const batched = outcome(connections, gateway.url(name), item, options);
          const [alone, together] = await Promise.all([outcome(connections, gateway.url('unbatched'), item), batched.catch(() => 'left')]);
          if (together === 'left') left++;
          if (together !== alone && !(leaves && together === 'left')) wrong.push(`${item.id} ${item.kind}: ${alone} | ${together}`);
        }
      };
      await Promise.all(Array.from({ length: 40 }, client));
      assert.deepEqual(wrong, []);
      assert.ok(left < requests / 5);
      await eventually(async () => assert.match(await gateway.admin('GET', '/metrics'), /spell_requests_in_flight 0/), 5000);
    });
  }

  it('shows how large batches were, and why they began', async () => {
    const metrics = await gateway.admin('GET', '/metrics');
    const number = (pattern: RegExp): number => Number(pattern.exec(metrics)?.[1] ?? 'NaN');
    const batches = number(/spell_batch_size_count\{owner="local",server="adaptive"\} ([0-9]+)/);
    const requests = number(/spell_batch_size_sum\{owner="local",server="adaptive"\} ([0-9]+)/);
    assert.ok(requests / batches > 1.5, `${requests} requests in ${batches} batches`);
    assert.ok(number(/spell_batches_total\{owner="local",server="adaptive",reason="worker-free"\} ([0-9]+)/) > 0);
    assert.ok(number(/spell_batches_total\{owner="local",server="fixed",reason="full"\} ([0-9]+)/) > 0);
    assert.ok(!metrics.includes('spell_batch_size_count{owner="local",server="unbatched"}'));
  });

  it('an item that kills its worker is found; its neighbours are answered right', async () => {
    const items: Item[] = [0, 1, 2, 3].map((id) => ({ id, kind: id === 1 ? 'kills' : 'plain', text: `t${id}`, ms: 1 }));
    const outcomes = await Promise.all(items.map((item) => outcome(connections, gateway.url('killed'), item)));
    assert.deepEqual(
      outcomes,
      items.map(({ id }) => (id === 1 ? '500 worker-died' : `200 application/json {"id":${id},"text":"T${id}"}`)),
    );
    assert.equal(gateway.observe('killed', 4)?.pods[0]?.restarts, 2);
  });

  it('SIGKILL of a worker in the middle of a batch costs nothing', async () => {
    await gateway.ready('killed', 4);
    const items: Item[] = [0, 1, 2, 3].map((id) => ({ id, kind: 'plain', text: `t${id}`, ms: 300 }));
    const batches = async (): Promise<number> =>
      Number(/spell_batch_size_count\{owner="local",server="killed"\} ([0-9]+)/.exec(await gateway.admin('GET', '/metrics'))?.[1]);
    const before = await batches();
    const asked = items.map((item) => outcome(connections, gateway.url('killed'), item));
    await eventually(async () => assert.equal(await batches(), before + 1), 5000);
    process.kill(gateway.observe('killed', 4)?.pods[0]?.workers[0]?.pid ?? 0, 'SIGKILL');
    const outcomes = await Promise.all(asked);
    assert.deepEqual(
      outcomes,
      items.map(({ id }) => `200 application/json {"id":${id},"text":"T${id}"}`),
    );
  });

  it('bad JSON is answered at once and alone, while others wait for company', async () => {
    const url = gateway.url('killed');
    await gateway.ready('killed', 4);
    const waiting = outcome(connections, url, { id: 7, kind: 'plain', text: 'a', ms: 0 });
    const bad = await fetch(url, { method: 'POST', body: '{' });
    assert.equal(bad.status, 400);
    assert.equal(await waiting, '200 application/json {"id":7,"text":"A"}');
  });

  it('a stop lets what waits for company run at once', async () => {
    await gateway.revision(5, predictor(true), { 'max-batch-size': 4, 'request-timeout': 60_000 });
    await gateway.apply('patient', 5, { 5: 1 });
    await gateway.ready('patient', 5);
    const waiting = predict(gateway.url('patient'), { id: 1, kind: 'plain', text: 'a', ms: 0 });
    await eventually(async () => assert.match(await gateway.admin('GET', '/metrics'), /spell_requests_in_flight 1/), 5000);
    await gateway.apply('patient', 5, { 5: 1 }, true);
    assert.equal((await waiting).status, 200);
  });
});
