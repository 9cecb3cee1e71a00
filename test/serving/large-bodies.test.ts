import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { metric } from '../harness/metrics.ts';

const whole = `
import asyncio, hashlib, os, signal
from starlette.requests import Request
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, request: Request):
        body = asyncio.run(request.body())
        print("ran", len(body))
        if body == b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        return hashlib.sha256(body).hexdigest()
`;

/** May read the first part only, or wait there for a file `gate`. */
const streamed = `
import asyncio, hashlib, os
from starlette.requests import Request
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    async def predict(self, request: Request):
        digest = hashlib.sha256()
        try:
            async for part in request.stream():
                digest.update(part)
                if request.headers.get("x-do") == "stop":
                    return "enough"
                if request.headers.get("x-do") == "wait":
                    open("begun", "w").close()
                    while not os.path.exists("gate"):
                        await asyncio.sleep(0.005)
        except BaseException as error:
            with open("cancelled", "w") as file:
                file.write(type(error).__name__)
            raise
        return digest.hexdigest()
`;

const batched = `
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payloads):
        return [len(payload) for payload in payloads]
`;

const mib = 2 ** 20;
const sha = (body: Buffer): string => createHash('sha256').update(body).digest('hex');

interface Exchange {
  outgoing: ClientRequest;
  answer: Promise<{ status: number | undefined; headers: IncomingMessage['headers']; body: string }>;
}

/** Opens a request; its body is for the caller to send. */
function open(url: string, headers: Record<string, string | number>): Exchange {
  const outgoing = request(url, { method: 'POST', headers, agent: false });
  const answer = once(outgoing, 'response').then(async ([incoming]: IncomingMessage[]) => ({
    status: incoming?.statusCode,
    headers: incoming?.headers ?? {},
    body: incoming ? await text(incoming) : '',
  }));
  answer.catch(() => {});
  outgoing.flushHeaders();
  return { outgoing, answer };
}

function post(url: string, body: Buffer, headers: Record<string, string | number> = {}): Exchange['answer'] {
  const { outgoing, answer } = open(url, { 'content-length': body.length, ...headers });
  outgoing.end(body);
  return answer;
}

describe('large bodies, with real workers', () => {
  let gateway: RealGateway;
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, whole);
    await gateway.revision(2, streamed);
    await gateway.revision(3, batched, { 'enable-batching': true, 'max-batch-size': 4 });
    await gateway.revision(4, whole, { 'max-request-size': 2 * mib });
    for (const [name, revision] of [
      ['whole', 1],
      ['streamed', 2],
      ['batched', 3],
      ['limited', 4],
    ] as const) {
      await gateway.apply(name, revision, { [revision]: 1 });
      await gateway.ready(name, revision);
    }
  });
  after(() => gateway.close());
  const idle = (): Promise<void> => eventually(async () => assert.equal(await metric(gateway, 'spell_requests_in_flight'), 0), 10_000);

  it('reach a plain and an async predictor byte for byte, of known and of unknown length', async () => {
    const body = randomBytes(8 * mib + 17);
    for (const name of ['whole', 'streamed']) {
      assert.equal((await post(gateway.url(name), body)).body, sha(body));
      const { outgoing, answer } = open(gateway.url(name), {});
      outgoing.end(body);
      assert.equal((await answer).body, sha(body));
    }
  });

  it('several at once and small ones between them are all answered right', async () => {
    const bodies = Array.from({ length: 6 }, (_, index) => randomBytes(index % 2 === 0 ? 3 * mib + index : 100 + index));
    const answers = await Promise.all(bodies.map((body) => post(gateway.url('whole'), body)));
    assert.deepEqual(
      answers.map(({ body }) => body),
      bodies.map(sha),
    );
  });

  it('enter batches', async () => {
    const sizes = [400_000, 3, 900_000, 5];
    const answers = await Promise.all(sizes.map((size) => predict(gateway.url('batched'), 'x'.repeat(size))));
    assert.deepEqual(
      answers.map((answer) => answer.json()),
      sizes,
    );
  });

  it('that stop in their middle keep nobody from being answered, and never run when their client goes', async () => {
    const slow = open(gateway.url('whole'), { 'content-length': 5 * mib });
    slow.outgoing.write(randomBytes(mib));
    const small = randomBytes(10);
    assert.equal((await post(gateway.url('whole'), small)).body, sha(small));
    slow.outgoing.destroy();
    await idle();
    const log = await gateway.admin('GET', '/metrics');
    assert.match(log, /spell_requests_total\{[^}]*server="whole"[^}]*status="499"[^}]*\} 1/);
  });

  it('are held at a client that sends faster than an async predictor reads; when it goes, the predictor is cancelled', async () => {
    const gate = join(gateway.home, 'project-2', 'gate');
    const { outgoing } = open(gateway.url('streamed'), { 'content-length': 64 * mib, 'x-do': 'wait' });
    outgoing.on('error', () => {});
    let handedOver = 0;
    for (let count = 0; count < 64; count++) outgoing.write(randomBytes(mib), () => handedOver++);
    await eventually(() => assert.ok(existsSync(join(gateway.home, 'project-2', 'begun'))), 10_000);
    // Time enough for more, if it were let through.
    await post(gateway.url('whole'), randomBytes(8 * mib));
    assert.ok(handedOver < 32, `${handedOver} MiB left the client, and the predictor has read a part of one`);
    outgoing.destroy();
    await writeFile(gate, '');
    await idle();
    // One that is just reading may learn first that the rest is missing.
    const ended = await eventually(() => readFile(join(gateway.home, 'project-2', 'cancelled'), 'utf8'), 5000);
    assert.match(ended, /^(CancelledError|ClientDisconnect)$/);
  });

  it('may be answered before they have come; 413 comes in their middle; the connection ends then', async () => {
    const body = randomBytes(8 * mib);
    const early = await post(gateway.url('streamed'), body, { 'x-do': 'stop' });
    assert.deepEqual([early.status, early.body], [200, 'enough']);
    const { outgoing, answer } = open(gateway.url('limited'), {});
    outgoing.on('error', () => {});
    outgoing.end(body);
    assert.equal((await answer).status, 413);
    await idle();
  });

  it('are answered 504 when their time is over in their middle', async () => {
    const { outgoing, answer } = open(gateway.url('whole'), { 'content-length': 5 * mib, 'x-request-timeout': 0.3 });
    outgoing.on('error', () => {});
    outgoing.write(randomBytes(mib));
    const { status, headers } = await answer;
    assert.deepEqual([status, headers.connection], [504, 'close']);
    await idle();
  });

  it('are lost with their worker, and their client is told to send them again', async () => {
    const slow = open(gateway.url('whole'), { 'content-length': 5 * mib });
    slow.outgoing.on('error', () => {});
    slow.outgoing.write(randomBytes(mib));
    await eventually(async () => assert.equal(await metric(gateway, 'spell_requests_in_flight'), 1), 5000);
    assert.equal((await post(gateway.url('whole'), Buffer.from('die'))).status, 500);
    const { status, headers, body } = await slow.answer;
    assert.deepEqual([status, headers['retry-after']], [503, '1']);
    assert.match(body, /send it again/);
    await gateway.ready('whole', 1);
    const again = randomBytes(mib);
    assert.equal((await post(gateway.url('whole'), again)).body, sha(again));
  });

  it('that are on their way when their revision goes are still answered by it', async () => {
    const body = randomBytes(5 * mib);
    const { outgoing, answer } = open(gateway.url('limited'), { 'content-length': mib });
    outgoing.write(body.subarray(0, 500_000));
    await eventually(async () => assert.equal(await metric(gateway, 'spell_requests_in_flight'), 1), 5000);
    await gateway.apply('limited', 1, { 1: 1 });
    await gateway.ready('limited', 1);
    outgoing.end(body.subarray(500_000, mib));
    assert.equal((await answer).body, sha(body.subarray(0, mib)));
    await idle();
  });
});
