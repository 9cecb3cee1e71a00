import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Connections } from '../harness/connections.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { metric } from '../harness/metrics.ts';
import { processesOfHome } from '../harness/processes.ts';

/** One batch begins when it is full, and ends half a second after there is a file `gate`. */
const predictor = `
import os, time
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        while not os.path.exists("gate"):
            time.sleep(0.002)
        time.sleep(0.5)
        return [{"id": each, "of": len(payload)} for each in payload]
`;

const size = 32;
const waiting = 10;

describe('a stop in the middle of a batch', () => {
  let gateway: RealGateway;
  const connections = new Connections();
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, predictor, { 'max-batch-size': size, 'request-timeout': 60_000 });
    await gateway.apply('batched', 1, { 1: 1 });
    await gateway.ready('batched', 1);
  });
  after(async () => {
    connections.close();
    await gateway.close();
  });

  it('answers all that run, 503 what waits and what comes, and leaves no process', async (t) => {
    const url = gateway.url('batched');
    const running = Array.from({ length: size }, (_, id) => connections.post(url, id));
    await eventually(async () => assert.equal(await metric(gateway, 'spell_batch_size_sum'), size), 5000);
    const late = Array.from({ length: waiting }, (_, id) => connections.post(url, size + id));
    await eventually(async () => assert.equal(await metric(gateway, 'spell_requests_in_flight'), size + waiting), 5000);

    await gateway.apply('batched', 1, { 1: 1 }, true);
    late.push(connections.post(url, 'after the stop'));
    for (const { status, headers, body } of await Promise.all(late)) {
      assert.deepEqual([status, (JSON.parse(body) as { error: { code: string } }).error.code], [503, 'stopped']);
      assert.match(headers['retry-after'] ?? '', /^[1-9][0-9]*$/);
    }
    await writeFile(join(gateway.home, 'project-1', 'gate'), '');
    assert.deepEqual(
      (await Promise.all(running)).map(({ status, body }) => `${status} ${body}`),
      running.map((_, id) => `200 {"id":${id},"of":${size}}`),
    );
    const answered = performance.now();
    await gateway.until(() => gateway.observe('batched', 1) === undefined, 10_000);
    t.diagnostic(`gone ${Math.round(performance.now() - answered)} ms after the last answer`);
    assert.deepEqual(
      (await processesOfHome(gateway.home)).map(({ pid }) => pid),
      [gateway.pid],
    );
  });
});
