import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Connections } from '../harness/connections.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { metric } from '../harness/metrics.ts';

const predictor = (batched: boolean): string => `
import os, time
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        time.sleep(0.01)
        answer = {"pid": os.getpid()}
        return ${batched ? '[{**answer, "id": each} for each in payload]' : '{**answer, "id": payload}'}
`;

const clients = 16;

describe('SIGKILL of one of two workers with 16 clients', () => {
  let gateway: RealGateway;
  const connections = new Connections();
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, predictor(false), { 'num-processes': 2 });
    await gateway.revision(2, predictor(true), { 'num-processes': 2, 'max-batch-size': 8 });
  });
  after(async () => {
    connections.close();
    await gateway.close();
  });

  for (const [name, revision, mayBeLost] of [
    ['unbatched', 1, 1],
    ['batched', 2, 0],
  ] as const) {
    it(`${name}: at most ${mayBeLost} is lost, nothing hangs, the other goes on, and two serve again`, async (t) => {
      await gateway.apply(name, revision, { [revision]: 1 });
      await gateway.ready(name, revision);
      const answers: { at: number; pid: number }[] = [];
      const lost: string[] = [];
      const wrong: string[] = [];
      let going = true;
      let id = 0;
      const client = async (): Promise<void> => {
        while (going) {
          const mine = id++;
          const { status, body } = await connections.post(gateway.url(name), mine);
          if (status !== 200) {
            lost.push(body);
            continue;
          }
          const answer = JSON.parse(body) as { id: number; pid: number };
          answers.push({ at: performance.now(), pid: answer.pid });
          if (answer.id !== mine) wrong.push(`${mine}: ${body}`);
        }
      };
      const all = Array.from({ length: clients }, client);
      await eventually(() => assert.equal(new Set(answers.map(({ pid }) => pid)).size, 2), 5000);
      const victim = gateway.observe(name, revision)?.pods[0]?.workers[0]?.pid ?? 0;
      const killed = answers.length;
      process.kill(victim, 'SIGKILL');
      await eventually(() => {
        const since = new Set(answers.slice(killed).map(({ pid }) => pid));
        since.delete(victim);
        assert.equal(since.size, 2, 'the one that goes on, and the new one');
      }, 10_000);
      going = false;
      await Promise.all(all);
      assert.deepEqual(wrong, []);
      assert.ok(lost.length <= mayBeLost, JSON.stringify(lost));
      assert.ok(lost.every((body) => body.includes('"worker-died"')));
      await eventually(async () => assert.equal(await metric(gateway, 'spell_requests_in_flight'), 0), 5000);
      const gap = Math.max(...answers.slice(killed).map(({ at }, index) => at - (answers[killed + index - 1]?.at ?? at)));
      t.diagnostic(`the longest gap in all answers was ${Math.round(gap)} ms`);
    });
  }
});
