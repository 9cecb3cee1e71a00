import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, test } from 'node:test';
import { SpellError } from '../errors.ts';
import { routes } from '../routes.ts';
import { createClient } from './client.ts';
import type { Client } from './client-types.ts';
import { followEvents } from './follow.ts';
import { routeLines } from './route-lines.ts';

let server: Server;
let client: Client;
let answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

before(async () => {
  server = createServer((request, response) => void answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  client = createClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, token: 'secret' });
});
beforeEach(() => {
  answer = (_, response) => void response.writeHead(500).end();
});
after(() => {
  client.close();
  server.closeAllConnections();
  server.close();
});

function event(seq: number): string {
  return `id: ${seq}\ndata: ${JSON.stringify({ seq, time: '', type: 'server.changed', object: 'local/x', message: 'm' })}\n\n`;
}

test('the client knows exactly the routes of the table', () => {
  const lines = Object.entries(routeLines).map(([name, [method, path]]) => [name, method, path]);
  assert.deepEqual(
    lines,
    Object.entries(routes).map(([name, { method, path }]) => [name, method, path]),
  );
});

test('a call fills the path, carries the token, the query and the body, and answers with the JSON', async () => {
  answer = async (request, response) => {
    const got = { method: request.method, url: request.url, token: request.headers.authorization, body: await text(request) };
    response.writeHead(202).end(JSON.stringify(got));
  };
  const path = { owner: 'local', name: 'a b/ü' };
  const rolled = (await client.rollback({ ...path, body: { to: 3 } })) as unknown;
  assert.deepEqual(rolled, {
    method: 'POST',
    url: '/api/v1/model-servers/local/a%20b%2F%C3%BC/rollback',
    token: 'Bearer secret',
    body: '{"to":3}',
  });
  const removed = (await client.removeModelServer({ ...path, query: { force: 'true' } })) as unknown as { url: string };
  assert.match(removed.url, /\?force=true$/);
});

test('an answer without a body is null', async () => {
  answer = (_, response) => void response.writeHead(204).end();
  assert.equal(await client.removeModel({ name: 'x' }), null);
});

test("an error is the control plane's own, with its code and hint; an unknown body is told as it is", async () => {
  answer = (_, response) => void response.writeHead(404).end('{"error":{"code":"not-found","message":"no","hint":"look"}}');
  await assert.rejects(client.listModels(), (error: SpellError) => {
    assert.deepEqual([error.code, error.message, error.hint], ['not-found', 'no', 'look']);
    return true;
  });
  answer = (_, response) => void response.writeHead(502).end('<html>');
  await assert.rejects(client.listModels(), { code: 'internal', message: /502: <html>/ });
});

test('bytes are sent as a stream of their size, and received as one', async () => {
  answer = async (request, response) => {
    const got = await text(request);
    response.writeHead(201).end(JSON.stringify({ got, length: request.headers['content-length'] }));
  };
  const sent = (await client.putContent({ digest: 'sha256:0', body: Readable.from(['ab', 'c']), size: 3 })) as unknown;
  assert.deepEqual(sent, { got: 'abc', length: '3' });
  answer = (_, response) => void response.end('content');
  assert.equal(await text(await client.getContent({ digest: 'sha256:0' })), 'content');
});

test('a refusal that comes before everything was sent is told, not the broken pipe', async () => {
  answer = (_, response) => void response.writeHead(507, { connection: 'close' }).end('{"error":{"code":"disk-full","message":"full"}}');
  const endless = Readable.from(
    (function* () {
      for (let sent = 0; sent < 2 ** 26; sent += 65_536) yield Buffer.alloc(65_536);
    })(),
  );
  await assert.rejects(client.putContent({ digest: 'sha256:0', body: endless, size: 2 ** 26 }), { code: 'disk-full' });
});

test('a stream of lines is read as it comes', async () => {
  const first = Promise.withResolvers<void>();
  answer = async (_, response) => {
    response.write('{"text":"o');
    response.write('ne"}\n');
    await first.promise;
    response.end('{"text":"two"}\n');
  };
  const got: string[] = [];
  for await (const line of client.logs({ owner: 'local', name: 'x' })) {
    got.push(line.text);
    first.resolve();
  }
  assert.deepEqual(got, ['one', 'two']);
});

test('following goes on after a broken connection with what was not seen yet', async () => {
  const asked: (string | undefined)[] = [];
  answer = (request, response) => {
    asked.push(request.url);
    if (asked.length === 1) {
      response.write(`: heartbeat\n\n${event(8)}${event(9)}`);
      response.write('data: {"seq": 10, "ti', () => response.destroy());
    } else response.write(event(10));
  };
  const seen: number[] = [];
  for await (const { seq } of followEvents({ client, since: 7, reconnect: async () => client })) {
    seen.push(seq);
    if (seq === 10) break;
  }
  assert.deepEqual(seen, [8, 9, 10]);
  assert.deepEqual(asked, ['/api/v1/events?since=7&follow=true', '/api/v1/events?since=9&follow=true']);
});

test('following ends with what reconnecting throws, and at once when it is aborted', async () => {
  answer = (_, response) => void response.end();
  const gone = new SpellError('not-running', 'gone');
  await assert.rejects(Array.fromAsync(followEvents({ client, since: 0, reconnect: () => Promise.reject(gone) })), gone);
  const controller = new AbortController();
  answer = (_, response) => {
    response.write(': heartbeat\n\n');
    controller.abort();
  };
  const options = { client, since: 0, signal: controller.signal, reconnect: async () => client };
  await assert.rejects(Array.fromAsync(followEvents(options)), { name: 'AbortError' });
});

test('nobody there: unreachable, with the address', async () => {
  const other = createServer();
  await once(other.listen(0, '127.0.0.1'), 'listening');
  const { port } = other.address() as AddressInfo;
  await new Promise((resolve) => other.close(resolve));
  const lonely = createClient({ url: `http://127.0.0.1:${port}`, token: 't' });
  await assert.rejects(lonely.status(), { code: 'unreachable', message: new RegExp(`127.0.0.1:${port}`) });
  await assert.rejects(Array.fromAsync(lonely.events()), { code: 'unreachable' });
  lonely.close();
});
