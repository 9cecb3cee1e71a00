import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { metric } from '../harness/metrics.ts';

const mib = 2 ** 20;

/** Each generator notes how much it has made, and how it ended. */
const predictor = `
import asyncio, os
from starlette.responses import FileResponse, StreamingResponse
from spell.serving import BasePredictor

SIZE = 64 * 2**20
PIECE = bytes(16384)


def note(name, what):
    with open(name + ".new", "w") as file:
        file.write(str(what))
    os.replace(name + ".new", name)


def plain():
    made = 0
    try:
        while made < SIZE:
            yield PIECE
            made += len(PIECE)
            note("plain-made", made)
    finally:
        note("plain-ended", made)


async def fast():
    made = 0
    try:
        while made < SIZE:
            yield PIECE
            made += len(PIECE)
            note("async-made", made)
    finally:
        note("async-ended", made)


async def events():
    try:
        for number in range(10**9):
            yield f"data: {number}\\\\n\\\\n"
            await asyncio.sleep(0.001)
    finally:
        note("events-ended", number)


class Predictor(BasePredictor):
    def predict(self, what):
        if what == "plain":
            return StreamingResponse(plain())
        if what == "async":
            return StreamingResponse(fast())
        if what == "events":
            return StreamingResponse(events(), media_type="text/event-stream")
        if what == "bytes":
            return bytes(SIZE)
        if what == "file":
            with open("large", "wb") as file:
                file.truncate(SIZE)
            return FileResponse("large")
        return what
`.replaceAll('\\\\n', '\\n');

describe('streamed answers, with a real worker', () => {
  let gateway: RealGateway;
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, predictor);
    await gateway.apply('any', 1, { 1: 1 });
    await gateway.ready('any', 1);
  });
  after(() => gateway.close());

  const ask = async (what: string): Promise<{ outgoing: ClientRequest; answer: IncomingMessage }> => {
    const outgoing = request(gateway.url('any'), { method: 'POST', agent: false });
    outgoing.on('error', () => {});
    outgoing.end(JSON.stringify(what));
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    answer.on('error', () => {});
    return { outgoing, answer };
  };
  const file = (name: string): string => join(gateway.home, 'project-1', name);
  const noted = async (name: string): Promise<number> => Number(await readFile(file(name), 'utf8'));
  const idle = (): Promise<void> => eventually(async () => assert.equal(await metric(gateway, 'spell_requests_in_flight'), 0), 10_000);

  for (const kind of ['plain', 'async'] as const) {
    it(`a client that does not read holds up a generator (${kind}), which is closed when it goes`, async () => {
      const { outgoing, answer } = await ask(kind);
      answer.pause();
      // As long as two looks differ it has not come to where it must wait.
      let before = -1;
      await eventually(async () => {
        for (let other = 0; other < 50; other++) await predict(gateway.url('any'), other);
        const now = await noted(`${kind}-made`);
        const held = now === before;
        before = now;
        assert.ok(held, `it goes on: ${now} bytes`);
      }, 20_000);
      assert.ok(before < 32 * mib, `${before} bytes were made for a client that reads none`);
      outgoing.destroy();
      await eventually(() => assert.ok(existsSync(file(`${kind}-ended`))), 10_000);
      assert.ok((await noted(`${kind}-ended`)) < 64 * mib);
      await idle();
    });
  }

  it('events come as they are made, and end when their client goes', async () => {
    const { outgoing, answer } = await ask('events');
    assert.equal(answer.headers['content-type'], 'text/event-stream; charset=utf-8');
    const [first] = (await once(answer, 'data')) as [Buffer];
    assert.match(first.toString(), /^data: 0\n\n/);
    outgoing.destroy();
    await eventually(() => assert.ok(existsSync(file('events-ended'))), 10_000);
    await idle();
  });

  for (const kind of ['bytes', 'file'] as const) {
    it(`a large answer (${kind}) comes whole, with its length; other requests are answered meanwhile`, async () => {
      const { answer } = await ask(kind);
      assert.equal(answer.headers['content-length'], String(64 * mib));
      answer.pause();
      assert.equal((await predict(gateway.url('any'), 'other')).text, 'other');
      let received = 0;
      for await (const piece of answer) received += (piece as Buffer).length;
      assert.equal(received, 64 * mib);
      await idle();
    });
  }
});
