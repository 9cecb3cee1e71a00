import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { systemClock } from '../clock.ts';
import { InFlight } from '../requests/in-flight.ts';
import { Endpoint } from './endpoint.ts';
import { type FrontLimits, frontLimits } from './front-limits.ts';
import { createFront } from './http-server.ts';
import { RouteTable } from './route-table.ts';

/** A front without model servers, whose clock is the system's: what is waited for is what it does. */
async function listen(t: TestContext, limits: Partial<FrontLimits>): Promise<() => Promise<Socket>> {
  const nextId = (): string => 'made';
  const endpoint = new Endpoint(new RouteTable(), new InFlight(systemClock, () => {}), nextId);
  const front = createFront({ endpoint, nextId, limits: { ...frontLimits, ...limits } });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  t.after(() => {
    front.close();
    front.closeAllConnections();
  });
  return async () => {
    const socket = connect((front.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
}

describe('one client takes of the front', () => {
  it('so much time for its headers: 408, also when its last request was a good one', async (t) => {
    const open = await listen(t, { headersTimeoutMs: 100, lookMs: 20 });
    const slow = await open();
    slow.write('GET / HTTP/1.1\r\nhost: x\r\nx-slow: ');
    assert.match(await text(slow), /^HTTP\/1\.1 408 .*x-request-id: made\r\n.*"code":"request-timeout".*0\.1 s/s);
    const later = await open();
    later.write('GET / HTTP/1.1\r\nhost: x\r\n\r\nGET /');
    assert.match(await text(later), /^HTTP\/1\.1 404 .*HTTP\/1\.1 408 /s);
  });

  it('so many bytes of headers: 431', async (t) => {
    const open = await listen(t, { maxHeaderBytes: 1024 });
    const fits = await open();
    fits.write(`GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-long: ${'x'.repeat(900)}\r\n\r\n`);
    assert.match(await text(fits), /^HTTP\/1\.1 404 /);
    const large = await open();
    large.write(`GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(100_000)}\r\n\r\n`);
    const answer = once(large, 'data');
    assert.match(String(await answer), /^HTTP\/1\.1 431 .*"code":"bad-request".*larger than 1 KiB/s);
    large.end();
    await once(large, 'close');
  });

  it('so many headers as fit: none is passed over', async (t) => {
    const open = await listen(t, {});
    const socket = await open();
    // Beyond Node's usual limit of 2000 the coding would be obeyed, and not seen.
    socket.write(`GET / HTTP/1.1\r\nhost: x\r\n${'a:\r\n'.repeat(2500)}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`);
    assert.match(await text(socket), /^HTTP\/1\.1 501 /);
  });

  it('so much idle time on a connection that is kept', async (t) => {
    const open = await listen(t, { keepAliveTimeoutMs: 50 });
    const socket = await open();
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    assert.match(await text(socket), /^HTTP\/1\.1 404 .*connection: keep-alive/is);
  });

  it('so many connections: one more is closed at once, and those that there are go on', async (t) => {
    const open = await listen(t, { maxConnections: 2 });
    const [first] = await Promise.all([open(), open()]);
    assert.equal(await text(await open()), '');
    first.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    assert.match(await text(first), /^HTTP\/1\.1 404 /);
  });
});
