import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { refusalIn } from './call-endpoint.ts';
import { exchange } from './exchange.ts';

let server: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

before(async () => {
  server = createServer((request, response) => void answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/local/x/predict`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

test('an answer has its status, headers, id and bytes, an error as well as a success', async () => {
  answer = async (request, response) => {
    const body = await text(request);
    response.writeHead(body === '{}' ? 201 : 429, { 'x-request-id': request.headers['x-mine'], 'set-cookie': ['a=1', 'b=2'] }).end(body);
  };
  const good = await exchange({ url, method: 'POST', body: Buffer.from('{}'), headers: { 'x-mine': 'r-1' } });
  assert.deepEqual([good.status, good.requestId, good.headers['set-cookie'], good.body.toString()], [201, 'r-1', 'a=1, b=2', '{}']);
  const bad = await exchange({ url, method: 'POST', body: Buffer.from('busy'), headers: { 'x-mine': 'r-2' } });
  assert.deepEqual([bad.status, bad.requestId, refusalIn(bad)], [429, 'r-2', { code: 'bad-request', message: 'busy' }]);
});

test('a signal ends it in the middle of an answer, and the other side sees that the client hung up', async () => {
  const hungUp = Promise.withResolvers<void>();
  const controller = new AbortController();
  answer = (_, response) => {
    response.on('close', hungUp.resolve).write('half');
    controller.abort(new Error('enough'));
  };
  await assert.rejects(exchange({ url, method: 'GET', signal: controller.signal }), /enough/);
  await hungUp.promise;
});

test('what does not begin to answer in time is named, with how long was waited', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const hungUp = Promise.withResolvers<void>();
  answer = (_, response) => {
    response.on('close', hungUp.resolve);
    t.mock.timers.tick(20);
  };
  const waiting = exchange({ url, method: 'GET', beginsWithinMs: 20 });
  await assert.rejects(waiting, { code: 'unreachable', message: `the endpoint ${url} did not begin to answer within 0.02 s` });
  await hungUp.promise;
});

test('an endpoint that is not there is unreachable, with its address and what to do', async () => {
  await assert.rejects(exchange({ url: 'http://127.0.0.1:1/local/x/predict', method: 'GET' }), {
    code: 'unreachable',
    message: /127\.0\.0\.1:1\/local\/x\/predict does not answer: .*ECONNREFUSED/,
    hint: /spell status/,
  });
});
