import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Connections, type Reply } from '../harness/connections.ts';
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

/** Answers at once, but for one that waits for a file, and one that kills. */
const deadly = (file: string): string => `
import os, signal, time
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        while payload == "wait" and not os.path.exists(${JSON.stringify(file)}):
            time.sleep(0.001)
        if payload == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return payload
`;

const clients = 16;

describe('a request that kills its worker', () => {
  it('takes none with it that had come to their end before, sent or not, and none that had not begun', async () => {
    const gateway = await RealGateway.start();
    const connections = new Connections();
    try {
      const file = join(gateway.home, 'go');
      await gateway.revision(1, deadly(file));
      await gateway.apply('deadly', 1, { 1: 1 });
      await gateway.ready('deadly', 1);
      const url = gateway.url('deadly');
      const post = (payload: unknown): Promise<Reply> => connections.post(url, payload);
      // It gets many requests at a time once it is known to be quick.
      for (let id = 0; id < 200; id++) await post(id);
      const asked: Promise<Reply>[] = [];
      const add = async (...payloads: unknown[]): Promise<void> => {
        asked.push(...payloads.map(post));
        await eventually(async () => assert.equal(await metric(gateway, 'spell_requests_in_flight'), asked.length), 5000);
      };
      const before = Array.from({ length: 12 }, (_, id) => id);
      const behind = [100, 101, 102];
      await add('wait');
      await add(...before);
      await add('die');
      await add(...behind);
      await writeFile(file, '');
      const replies = await Promise.all(asked);
      const killed = replies.splice(1 + before.length, 1);
      assert.deepEqual(
        killed.map(({ status, body }) => [status, body.includes('"worker-died"')]),
        [[500, true]],
      );
      assert.deepEqual(
        replies.map(({ body }) => body),
        ['wait', ...before, ...behind].map(String),
      );
    } finally {
      connections.close();
      await gateway.close();
    }
  });
});

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
    // A batch of one that its worker did not survive is not tried again: it may be the one that kills.
    ['batched', 2, 1],
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
