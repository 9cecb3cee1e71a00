import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Connections, type Reply } from '../harness/connections.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { metric } from '../harness/metrics.ts';

/** Waits for the file that its payload names, and writes down how its calls begin and end. */
const predictor = (word: '' | 'async ', wait: string): string => `
import asyncio, os, time
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    ${word}def predict(self, payload):
        end = "cancelled"
        self.note(f"began {payload['name']}")
        try:
            while payload["until"] and not os.path.exists(payload["until"]):
                ${wait}
            end = "finished"
            return {"pid": os.getpid()}
        finally:
            self.note(f"{end} {payload['name']}")

    def note(self, line):
        with open("seen", "a") as seen:
            seen.write(line + "\\n")
`;

describe('deadlines, with real workers', () => {
  let gateway: RealGateway;
  const connections = new Connections();
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, predictor('', 'time.sleep(0.002)'));
    await gateway.revision(2, predictor('async ', 'await asyncio.sleep(0.002)'));
    await gateway.apply('sync', 1, { 1: 1 });
    await gateway.apply('async', 2, { 2: 1 });
    await Promise.all([gateway.ready('sync', 1), gateway.ready('async', 2)]);
  });
  after(async () => {
    connections.close();
    await gateway.close();
  });

  const ask = (server: string, name: string, until: string | null, seconds?: string): Promise<Reply> =>
    connections.post(gateway.url(server), { name, until }, seconds === undefined ? {} : { headers: { 'x-request-timeout': seconds } });
  const seen = (revision: number): Promise<string> => readFile(join(gateway.home, `project-${revision}`, 'seen'), 'utf8');
  const isLate = ({ status, body }: Reply, where: RegExp): void => {
    assert.equal(status, 504, body);
    assert.match(body, where);
  };

  it('a plain predict whose time is over finishes unseen, keeps its worker until then, and does not cost it', async () => {
    const running = ask('sync', 'running', 'gate', '1');
    await eventually(async () => assert.equal(await seen(1), 'began running\n'), 5000);
    const waiting = ask('sync', 'waiting', null, '0.2');
    isLate(await running, /"code":"deadline","message":"the request's time was over while it ran"/);
    isLate(await waiting, /"code":"deadline"/);
    const next = ask('sync', 'next', null);
    // The worker holds it, and the one that nobody awaits any more: so that counts.
    await eventually(async () => assert.equal(await metric(gateway, 'spell_requests_in_flight'), 2), 5000);
    await writeFile(join(gateway.home, 'project-1', 'gate'), '');
    const { pid } = JSON.parse((await next).body) as { pid: number };
    const pod = gateway.observe('sync', 1)?.pods[0];
    assert.deepEqual([pod?.restarts, pod?.workers[0]?.pid], [0, pid]);
    assert.equal(await seen(1), 'began running\nfinished running\nbegan next\nfinished next\n', 'what waited was never run');
  });

  it('an async predict whose time is over is cancelled', async () => {
    isLate(await ask('async', 'running', 'never', '0.5'), /while it ran/);
    await eventually(async () => assert.equal(await seen(2), 'began running\ncancelled running\n'), 5000);
    await eventually(async () => assert.equal(await metric(gateway, 'spell_requests_in_flight'), 0), 5000);
    assert.equal((await ask('async', 'next', null)).status, 200);
  });
});
