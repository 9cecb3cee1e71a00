import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { tellFromPlainHttp } from './first-byte.ts';

/** Longer than any test. */
const forEver = 2 ** 30;

describe('the first byte of a connection to a server that speaks TLS', () => {
  let server: Server;
  let cutOff: () => void;
  const toTls: Buffer[] = [];
  const toHttp: Socket[] = [];
  const clients: Socket[] = [];

  const listen = async (timeoutMs: number): Promise<void> => {
    // Where TLS would begin; it finds every byte.
    server = createServer((socket) => socket.on('data', (bytes: Buffer) => toTls.push(bytes)));
    cutOff = tellFromPlainHttp(server, timeoutMs, (socket) => toHttp.push(socket));
    await once(server.listen(0, '127.0.0.1'), 'listening');
  };
  const open = async (first: string): Promise<Socket> => {
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    clients.push(client);
    await Promise.all([once(client, 'connect'), once(server, 'connection')]);
    if (first !== '') client.write(first, 'latin1');
    return client;
  };
  const until = async (there: () => boolean): Promise<void> => {
    while (!there()) await new Promise((resolve) => setImmediate(resolve));
  };

  beforeEach(() => listen(forEver));
  afterEach(async () => {
    cutOff();
    for (const client of clients.splice(0)) client.destroy();
    toTls.length = toHttp.length = 0;
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });

  it('decides: a handshake goes to TLS whole, a method does not', async () => {
    await open('\x16\x03\x01 and the rest');
    await until(() => toTls.length > 0);
    assert.equal(Buffer.concat(toTls).toString('latin1'), '\x16\x03\x01 and the rest');
    assert.equal(toHttp.length, 0);
    await open('POST / HTTP/1.1\r\n');
    await until(() => toHttp.length > 0);
    assert.equal(toTls.length, 1);
  });

  it('may not come: who says nothing is cut off when the time is over', async () => {
    cutOff();
    server.close();
    await listen(1);
    const silent = await open('');
    await once(silent.resume(), 'close');
  });

  it('need not come before the server ends: everybody is cut off, whatever was said', async () => {
    const ended = await Promise.all(['', '\x16\x03', 'GET'].map(open));
    await until(() => toTls.length + toHttp.length === 2);
    const closed = Promise.all([once(server, 'close'), ...ended.map((client) => once(client.resume(), 'close'))]);
    server.close();
    cutOff();
    await closed;
  });
});
