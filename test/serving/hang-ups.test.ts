import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Connections, type Reply } from '../harness/connections.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { metric } from '../harness/metrics.ts';

/**
 * Writes down what it sees. The request "first" keeps it busy until there is a file `gate`, so that what comes meanwhile
 * waits. `shape` is how one or many payloads are answered.
 */
const sync = (shape: 'one' | 'many'): string => `
import os, time
from spell.serving import BasePredictor


def answer(payload):
    with open("seen", "a") as seen:
        seen.write(f"{payload}\\n")
    while payload == "first" and not os.path.exists("gate"):
        time.sleep(0.002)
    return {"was": payload}


class Predictor(BasePredictor):
    def predict(self, payload):
        return ${shape === 'one' ? 'answer(payload)' : '[answer(each) for each in payload]'}
`;

/** All of them run at once, and write down how they end. */
const concurrent = `
import asyncio, os
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    async def predict(self, payload):
        end = "cancelled"
        try:
            while payload != "next" and not os.path.exists("gate"):
                await asyncio.sleep(0.01)
            end = "finished"
            return {"was": payload}
        finally:
            with open("seen", "a") as seen:
                seen.write(f"{end} {payload}\\n")
`;

const clients = 400;
const staying = (index: number): boolean => index % 5 === 0;

describe('four fifths of 400 clients hang up', () => {
  let gateway: RealGateway;
  const connections = new Connections();
  before(async () => {
    gateway = await RealGateway.start();
  });
  after(async () => {
    connections.close();
    await gateway.close();
  });

  const serve = async (revision: number, name: string, predictor: string, settings = {}): Promise<string> => {
    await gateway.revision(revision, predictor, settings);
    await gateway.apply(name, revision, { [revision]: 1 });
    await gateway.ready(name, revision);
    return gateway.url(name);
  };
  const inFlight = (count: number): Promise<void> =>
    eventually(async () => assert.equal(await metric(gateway, 'spell_requests_in_flight'), count), 10_000);
  const project = (revision: number, file: string): string => join(gateway.home, `project-${revision}`, file);
  const seen = async (revision: number): Promise<string[]> => (await readFile(project(revision, 'seen'), 'utf8')).trim().split('\n');

  /** Asks with all 400 and lets most of them hang up while nobody can have been answered. Returns who stayed. */
  const wave = async (url: string, others: number): Promise<Promise<Reply>[]> => {
    const hangUp = new AbortController();
    const gone: Promise<unknown>[] = [];
    const stayed: Promise<Reply>[] = [];
    for (let index = 0; index < clients; index++) {
      const asked = connections.post(url, index, staying(index) ? {} : { signal: hangUp.signal });
      if (staying(index)) stayed.push(asked);
      else gone.push(assert.rejects(asked, /aborted/));
    }
    await inFlight(clients + others);
    hangUp.abort();
    await Promise.all(gone);
    return stayed;
  };
  const answeredRight = async (stayed: Promise<Reply>[]): Promise<void> =>
    assert.deepEqual(
      (await Promise.all(stayed)).map(({ status, body }) => `${status} ${body}`),
      Array.from({ length: clients / 5 }, (_, index) => `200 {"was":${index * 5}}`),
    );

  for (const [revision, name, shape, settings] of [
    [1, 'unbatched', 'one', {}],
    [2, 'batched', 'many', { 'max-batch-size': 16 }],
  ] as const) {
    it(`${name}: the others are answered right, and the predictor never sees one that still waited`, async () => {
      const url = await serve(revision, name, sync(shape), settings);
      const first = connections.post(url, 'first');
      await eventually(async () => assert.deepEqual(await seen(revision), ['first']), 10_000);
      const stayed = await wave(url, 1);
      // Before anything more was answered: what they held is free already.
      await inFlight(1 + clients / 5);
      assert.equal(await metric(gateway, 'spell_requests_total', { server: name, status: '499' }), (clients * 4) / 5);
      await writeFile(project(revision, 'gate'), '');
      await answeredRight(stayed);
      assert.equal((await first).status, 200);
      await inFlight(0);
      assert.equal((await connections.post(url, 'next')).body, '{"was":"next"}');
      const expected = Array.from({ length: clients }, (_, index) => index).filter(staying);
      assert.deepEqual((await seen(revision)).sort(), ['first', ...expected.map(String), 'next'].sort());
    });
  }

  it('async: those that ran are cancelled, and the others answered right', async () => {
    const url = await serve(3, 'async', concurrent);
    const stayed = await wave(url, 0);
    await inFlight(clients / 5);
    assert.equal((await connections.post(url, 'next')).body, '{"was":"next"}', 'they hold nothing that another request needs');
    await writeFile(project(3, 'gate'), '');
    await answeredRight(stayed);
    await inFlight(0);
    const lines = await seen(3);
    const ended = (how: string): string[] => lines.flatMap((line) => (line.startsWith(`${how} `) ? [line.slice(how.length + 1)] : []));
    assert.equal(ended('finished').length, 1 + clients / 5);
    assert.ok(ended('cancelled').length > 0);
    assert.ok(ended('cancelled').every((index) => !staying(Number(index))));
    assert.equal(new Set(lines).size, lines.length, 'each ended once');
  });
});
