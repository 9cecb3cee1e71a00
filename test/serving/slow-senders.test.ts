import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Connections } from '../harness/connections.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { metric } from '../harness/metrics.ts';

const echo = `
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return payload
`;

const senders = 100;

/** A client whose body comes byte by byte, when it is told to send one. */
class SlowSender {
  readonly #socket: Socket;
  readonly #body: string;
  #sent = 0;
  received = '';

  static async begin(url: string, body: string): Promise<SlowSender> {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.setNoDelay(true);
    socket.write(`POST ${pathname} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`);
    return new SlowSender(socket, body);
  }

  private constructor(socket: Socket, body: string) {
    this.#socket = socket;
    this.#body = body;
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (piece: string) => {
      this.received += piece;
    });
  }

  /** Sends the next byte. Returns whether there are more. */
  sendOne(): boolean {
    this.#socket.write(this.#body.charAt(this.#sent++));
    return this.#sent < this.#body.length;
  }

  hangUp(): void {
    this.#socket.destroy();
  }
}

// What becomes of a client that is too slow for too long is shown on a clock that stands still
// (`runtime/serving/request-path.test.ts`); here, that it is in nobody's way until then.
describe('a hundred clients that send byte by byte', () => {
  let gateway: RealGateway;
  const connections = new Connections();
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, echo, { 'max-queue': 1 });
    await gateway.apply('echo', 1, { 1: 1 });
    await gateway.ready('echo', 1);
  });
  after(async () => {
    connections.close();
    await gateway.close();
  });

  it('take no place in the queue and hold up nobody; those that finish are answered, and those that leave are forgotten', async () => {
    const url = gateway.url('echo');
    const slow = await Promise.all(Array.from({ length: senders }, (_, index) => SlowSender.begin(url, `"sender ${index}"`)));
    const inFlight = (count: number): Promise<void> =>
      eventually(async () => assert.equal(await metric(gateway, 'spell_requests_in_flight'), count), 10_000);
    await inFlight(senders);
    for (let byte = 0; byte < 5; byte++) {
      for (const sender of slow) sender.sendOne();
      const { status, body } = await connections.post(url, byte);
      assert.deepEqual([status, body], [200, String(byte)]);
    }
    await inFlight(senders);
    const [leaving, staying] = [slow.filter((_, index) => index % 2 === 0), slow.filter((_, index) => index % 2 === 1)];
    for (const sender of leaving) sender.hangUp();
    await inFlight(staying.length);
    // One after the other: together they would be more than the queue takes.
    for (const sender of staying) {
      while (sender.sendOne());
      while (sender.received === '') await turn();
    }
    assert.deepEqual(
      staying.map(({ received }) => `${received.slice(9, 12)} ${received.slice(received.indexOf('\r\n\r\n') + 4)}`),
      staying.map((_, index) => `200 sender ${2 * index + 1}`),
    );
    await inFlight(0);
    for (const sender of staying) sender.hangUp();
  });
});
