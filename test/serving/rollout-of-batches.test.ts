import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Connections } from '../harness/connections.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { metric } from '../harness/metrics.ts';

const predictor = (version: number): string => `
import time
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def prepare(self, payload):
        return payload["id"]

    def predict(self, payload):
        time.sleep(0.010 + 0.0005 * len(payload))
        return [{"id": each, "version": ${version}} for each in payload]
`;

const clients = 64;

describe('rollouts under batched load', () => {
  let gateway: RealGateway;
  const connections = new Connections();
  before(async () => {
    gateway = await RealGateway.start();
  });
  after(async () => {
    connections.close();
    await gateway.close();
  });

  for (const [policy, settings] of [
    ['adaptive', { 'max-batch-size': 16 }],
    ['fixed', { 'max-batch-size': 16, 'request-timeout': 40 }],
  ] as const) {
    it(`${policy}: nothing is lost, each request is answered by the old or the new revision, none by the old one once it is gone`, async () => {
      const versions = policy === 'adaptive' ? [1, 2, 3] : [4, 5, 6];
      const [first = 0, ...next] = versions;
      for (const version of versions) await gateway.revision(version, predictor(version), settings);
      await gateway.apply(policy, first, { [first]: 1 });
      await gateway.ready(policy, first);

      const answeredBy = new Map<number, number>();
      const count = (version: number): number => answeredBy.get(version) ?? 0;
      const wrong: string[] = [];
      let gone = 0;
      let going = true;
      let id = 0;
      const client = async (): Promise<void> => {
        while (going) {
          const mine = id++;
          const goneBefore = gone;
          const { status, body } = await connections.post(gateway.url(policy), { id: mine });
          const answer = status === 200 ? (JSON.parse(body) as { id: number; version: number }) : { id: -1, version: -1 };
          answeredBy.set(answer.version, count(answer.version) + 1);
          if (answer.id !== mine || answer.version <= goneBefore) wrong.push(`${mine} of ${goneBefore + 1} on: ${status} ${body}`);
        }
      };
      const all = Array.from({ length: clients }, client);
      let old = first;
      for (const version of next) {
        await eventually(() => assert.ok(count(old) >= 4 * clients), 10_000);
        await gateway.apply(policy, old, { [old]: 1, [version]: 1 });
        await gateway.ready(policy, version);
        await gateway.apply(policy, version, { [version]: 1 });
        await gateway.until(() => gateway.observe(policy, old) === undefined);
        gone = old;
        old = version;
      }
      await eventually(() => assert.ok(count(old) >= 4 * clients), 10_000);
      going = false;
      await Promise.all(all);
      assert.deepEqual(wrong, []);
      assert.deepEqual([...answeredBy.keys()].sort(), versions);
      await eventually(async () => assert.equal(await metric(gateway, 'spell_requests_in_flight'), 0), 5000);
    });
  }
});
