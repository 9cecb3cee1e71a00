import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Connections, type Reply } from '../harness/connections.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { metric } from '../harness/metrics.ts';

/** Waits for a file `gate`; from then on it costs what a model on an accelerator costs, most of it once for each batch. */
const predictor = `
import os, time
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        while not os.path.exists("gate"):
            time.sleep(0.005)
        time.sleep(0.010 + 0.0005 * len(payload))
        return [{"twice": 2 * each} for each in payload]
`;

const clients = 512;
const maxQueue = 64;
const maxBatchSize = 32;
/** What it takes at most while nothing is answered: the batch that runs with the next one, and the queue. */
const capacity = 2 * maxBatchSize + maxQueue;
/** How soon a refused client comes back: far sooner than it is asked to. */
const impatienceMs = 100;

describe('512 clients and a queue of 64', () => {
  let gateway: RealGateway;
  const connections = new Connections();
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, predictor, { 'max-batch-size': maxBatchSize, 'max-queue': maxQueue });
    await gateway.apply('busy', 1, { 1: 1 });
    await gateway.ready('busy', 1);
  });
  after(async () => {
    connections.close();
    await gateway.close();
  });

  it('refuses with 429 and Retry-After what it cannot take, answers right what it took, and is idle afterwards', async (t) => {
    const url = gateway.url('busy');
    const accepted: { payload: number; reply: Reply }[] = [];
    const refused: Reply[] = [];
    const client = async (index: number): Promise<void> => {
      for (let round = 0; round < 2; ) {
        const payload = index + round * clients;
        const reply = await connections.post(url, payload);
        if (reply.status === 429) {
          refused.push(reply);
          await pause(impatienceMs);
        } else {
          accepted.push({ payload, reply });
          round++;
        }
      }
    };
    const all = Array.from({ length: clients }, (_, index) => client(index));
    await eventually(() => assert.ok(refused.length >= clients - capacity), 10_000);
    assert.equal(await metric(gateway, 'spell_requests_in_flight'), capacity);
    await writeFile(join(gateway.home, 'project-1', 'gate'), '');
    await Promise.all(all);
    t.diagnostic(`${accepted.length} accepted, ${refused.length} refused, over ${connections.open} connections`);

    assert.equal(connections.open, clients);
    assert.deepEqual(
      accepted.map(({ payload, reply }) => `${payload}: ${reply.status} ${reply.body}`).filter((each) => !right(each)),
      [],
    );
    assert.equal(accepted.length, 2 * clients);
    for (const { headers, body } of refused) {
      assert.match(body, /^\{"error":\{"code":"queue-full","message":"64 requests wait already \(max-queue\)",/);
      assert.match(headers['retry-after'] ?? '', /^[1-9][0-9]*$/);
    }
    assert.equal(await metric(gateway, 'spell_requests_total', { status: '429' }), refused.length);
    await eventually(async () => {
      assert.equal(await metric(gateway, 'spell_requests_in_flight'), 0);
      assert.equal(await metric(gateway, 'spell_queue_depth'), 0);
    }, 5000);
    const next = await connections.post(url, 21);
    assert.deepEqual([next.status, next.body], [200, '{"twice":42}']);
    assert.equal(await metric(gateway, 'spell_batch_size_sum'), accepted.length + 1, 'nothing ran twice');
  });
});

function right(line: string): boolean {
  const [, payload, body] = /^([0-9]+): 200 (.*)$/.exec(line) ?? [];
  return body === JSON.stringify({ twice: 2 * Number(payload) });
}
