import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Connections } from '../harness/connections.ts';
import { RealGateway } from '../harness/gateway.ts';

/** A plain predict whose answers go on until there is a file `gate`. */
const predictor = `
import asyncio, os
from starlette.responses import StreamingResponse
from spell.serving import BasePredictor


async def tokens(payload):
    yield f"{payload}:"
    while not os.path.exists("gate"):
        await asyncio.sleep(0.005)
    yield "done"


class Predictor(BasePredictor):
    def predict(self, payload):
        return "quick" if payload == "quick" else StreamingResponse(tokens(payload))
`;

describe('streamed answers of one plain worker', () => {
  let gateway: RealGateway;
  const connections = new Connections();
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, predictor);
    await gateway.apply('stream', 1, { 1: 1 });
    await gateway.ready('stream', 1);
  });
  after(async () => {
    connections.close();
    await gateway.close();
  });

  it('go on side by side, and hold up nobody', async () => {
    const url = gateway.url('stream');
    const streams = Array.from({ length: 50 }, (_, index) => connections.post(url, index));
    assert.equal((await connections.post(url, 'quick')).body, 'quick');
    await writeFile(join(gateway.home, 'project-1', 'gate'), '');
    assert.deepEqual(
      (await Promise.all(streams)).map(({ body }) => body),
      streams.map((_, index) => `${index}:done`),
    );
  });
});
