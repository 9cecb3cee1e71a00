import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { RealGateway } from '../harness/gateway.ts';

const mib = 2 ** 20;
const answerBytes = 200 * mib;

const predictor = `
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return bytes(payload)
`;

/** V8 alone lets 50 MiB and more gather outside its heap before it looks for what is not used any more. */
const limitBytes = 32 * mib;

describe('an answer of 200 MiB', { skip: process.platform !== 'linux' && 'the peak of a process is read from /proc' }, () => {
  let gateway: RealGateway;
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, predictor);
    await gateway.apply('any', 1, { 1: 1 });
    await gateway.ready('any', 1);
  });
  after(() => gateway.close());

  /** How much the client got, which keeps none of it. */
  const answered = async (size: number): Promise<number> => {
    const outgoing = request(gateway.url('any'), { method: 'POST', agent: false });
    outgoing.end(String(size));
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    let came = 0;
    for await (const piece of answer) came += (piece as Buffer).length;
    return came;
  };
  const peakBytes = async (): Promise<number> =>
    Number(/VmHWM:\s+([0-9]+) kB/.exec(await readFile(`/proc/${gateway.pid}/status`, 'latin1'))?.[1]) * 1024;

  it('passes through the gateway, which keeps nothing of it', async () => {
    assert.equal(await answered(mib), mib);
    const before = await peakBytes();
    assert.equal(await answered(answerBytes), answerBytes);
    const risen = (await peakBytes()) - before;
    assert.ok(risen < limitBytes, `the peak of its memory rose by ${Math.round(risen / mib)} MiB`);
  });
});
