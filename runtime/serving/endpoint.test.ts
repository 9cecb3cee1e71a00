import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { type Answer, type GatewayUnderTest, startGatewayUnderTest } from './testing/gateway-under-test.ts';
import { until } from './testing/until.ts';

const predict = '/local/echo/predict';

/** The parsed error of an answer. */
function errorOf(answer: Answer): { code: string; message: string; request_id: string; fields?: unknown; traceback?: string } {
  return (JSON.parse(answer.body) as { error: ReturnType<typeof errorOf> }).error;
}

describe('the endpoint', () => {
  let test: GatewayUnderTest;
  /** Sends a request and answers it as the worker does in the callback. */
  const exchange = async (act: (id: number) => void, options: Parameters<GatewayUnderTest['ask']>[1] = {}): Promise<Answer> => {
    const worker = test.workers.at(0);
    const count = worker.requests.length;
    const asked = test.ask(predict, { body: '{}', ...options });
    await until(() => worker.requests.length > count, 'the request');
    act(worker.requests.at(-1)?.id ?? 0);
    return asked;
  };
  before(async () => {
    test = await startGatewayUnderTest();
    await test.apply({ 'max-request-size': 1000, 'cors-origins': ['https://app.example'] });
    test.workers.at(0).ready();
    await until(async () => true, 'a turn');
  });
  after(() => test.close());

  it('hands bytes to the worker as they came and its answer to the client, labelled by its kind', async () => {
    const worker = test.workers.at(0);
    const json = await exchange((id) => worker.answer(id, '{"größe":1}'), { body: '{"x": [1,2]}', headers: { 'x-request-id': 'mine-1' } });
    assert.equal(worker.requests.at(-1)?.body, '{"x": [1,2]}');
    assert.equal(worker.requests.at(-1)?.requestId, 'mine-1');
    assert.equal(worker.requests.at(-1)?.head, '');
    assert.deepEqual(
      [json.status, json.headers['content-type'], json.headers['x-request-id'], json.body],
      [200, 'application/json', 'mine-1', '{"größe":1}'],
    );
    const plain = await exchange((id) => worker.answer(id, 'hé', 1));
    assert.deepEqual([plain.headers['content-type'], plain.body], ['text/plain; charset=utf-8', 'hé']);
    const bytes = await exchange((id) => worker.answer(id, 'x'.repeat(100_000), 2));
    assert.deepEqual([bytes.headers['content-type'], bytes.body.length], ['application/octet-stream', 100_000]);
  });

  it("sends a predictor's own response with its status and headers, repeated ones repeated, but not those of the connection", async () => {
    const headers: [string, string][] = [
      ['content-type', 'text/csv'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['content-length', '999'],
      ['transfer-encoding', 'chunked'],
    ];
    const answer = await exchange((id) => test.workers.at(0).respond(id, 201, headers, 'a,b'));
    assert.equal(answer.status, 201);
    assert.equal(answer.headers['content-type'], 'text/csv');
    assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
    assert.equal(answer.headers['content-length'], '3');
    assert.equal(answer.body, 'a,b');
  });

  it('answers 500 bad-result when a response cannot be sent over HTTP', async () => {
    const answer = await exchange((id) => test.workers.at(0).respond(id, 200, [['bad header', 'x']], ''));
    assert.equal(answer.status, 500);
    assert.equal(errorOf(answer).code, 'bad-result');
    const odd = await exchange((id) => test.workers.at(0).respond(id, 999, [], ''));
    assert.match(errorOf(odd).message, /999/);
  });

  for (const [code, status] of [
    ['bad-json', 400],
    ['invalid-payload', 422],
    ['predictor-error', 500],
    ['bad-result', 500],
  ] as const) {
    it(`answers ${status} ${code} with the request's id, and no traceback`, async () => {
      const fields = [{ path: 'x.0', message: 'must be a number' }];
      const answer = await exchange((id) => test.workers.at(0).error(id, { code, message: 'why', fields, traceback: 'Traceback' }), {
        headers: { 'x-request-id': 'r-9' },
      });
      assert.equal(answer.status, status);
      assert.equal(answer.headers['content-type'], 'application/json');
      assert.deepEqual(errorOf(answer), { code, message: 'why', request_id: 'r-9', fields });
    });
  }

  it('makes an id where the client brings none or an odd one', async () => {
    const answer = await exchange((id) => test.workers.at(0).answer(id, '1'), { headers: { 'x-request-id': 'a b' } });
    assert.match(String(answer.headers['x-request-id']), /^[\w-]{8}-[0-9a-z]+$/);
  });

  it('answers 404 for what is not there', async () => {
    const odd = [
      '/%2e%2e/x',
      '/local%2Fecho/predict',
      '/local/x/../echo/predict',
      '/local/x/%2E%2E/echo/predict',
      '/local/%2565cho/predict',
    ];
    for (const path of ['/', '/local/nobody/predict', '/local/echo', '/local/echo/predict/', '/local/echo/Predict', ...odd]) {
      const answer = await test.ask(path, { body: '{}' });
      assert.equal(answer.status, 404, path);
      assert.equal(errorOf(answer).code, 'not-found');
      assert.equal(errorOf(answer).request_id, answer.headers['x-request-id']);
    }
  });

  it('answers 405 with what is allowed', async () => {
    const got = await test.ask(predict, { method: 'GET' });
    assert.deepEqual([got.status, got.headers.allow, errorOf(got).code], [405, 'POST, OPTIONS', 'method-not-allowed']);
    const deleted = await test.ask('/local/echo/health', { method: 'DELETE' });
    assert.deepEqual([deleted.status, deleted.headers.allow], [405, 'GET, HEAD, POST, OPTIONS']);
    const options = await test.ask(predict, { method: 'OPTIONS' });
    assert.deepEqual(
      [options.status, options.headers.allow, options.headers['access-control-allow-methods']],
      [204, 'POST, OPTIONS', undefined],
    );
  });

  it('lets pages of the allowed origins in, and no others', async () => {
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-request-id' };
    const preflight = await test.ask(predict, { method: 'OPTIONS', headers: { origin: 'https://app.example', ...asked } });
    assert.equal(preflight.headers['access-control-allow-origin'], 'https://app.example');
    assert.equal(preflight.headers['access-control-allow-headers'], 'x-request-id');
    const foreign = await test.ask(predict, { method: 'OPTIONS', headers: { origin: 'https://evil.example', ...asked } });
    assert.equal(foreign.headers['access-control-allow-origin'], undefined);
    const answer = await exchange((id) => test.workers.at(0).answer(id, '1'), { headers: { origin: 'https://app.example' } });
    assert.equal(answer.headers['access-control-allow-origin'], 'https://app.example');
  });

  it('answers health and ready itself for a predictor without a health of its own', async () => {
    for (const [path, method] of [
      ['/local/echo/health', 'GET'],
      ['/local/echo/ready', 'POST'],
    ] as const) {
      const answer = await test.ask(path, { method });
      assert.deepEqual([answer.status, answer.body], [200, '{"status":"ok"}']);
    }
    const head = await test.ask('/local/echo/health', { method: 'HEAD' });
    assert.deepEqual([head.status, head.body, head.headers['content-length']], [200, '', '15']);
  });

  it('answers 413 before a declared body comes, and while an undeclared one comes, and the client can read it', async () => {
    const declared = await test.ask(predict, { body: 'x'.repeat(1001) });
    assert.deepEqual([declared.status, errorOf(declared).code], [413, 'too-large']);
    const socket = connect(Number(new URL(test.gateway.url).port), '127.0.0.1');
    socket.write(`POST ${predict} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`);
    for (let count = 0; count < 100; count++) socket.write(`64\r\n${'x'.repeat(100)}\r\n`);
    socket.write('0\r\n\r\n');
    const answer = await text(socket);
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /"code":"too-large"/);
  });

  it('tells a client that waits for a sign to go on, or that it need not', async () => {
    const speak = async (length: number): Promise<string> => {
      const socket = connect(Number(new URL(test.gateway.url).port), '127.0.0.1');
      const received = text(socket);
      const count = test.workers.at(0).requests.length;
      socket.write(`POST ${predict} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n`);
      if (length <= 1000) {
        socket.write('{}');
        await until(() => test.workers.at(0).requests.length > count, 'the request');
        test.workers.at(0).answer(test.workers.at(0).requests.at(-1)?.id ?? 0, '2');
      } else socket.end();
      return received;
    };
    assert.match(await speak(2), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    assert.match(await speak(2000), /^HTTP\/1\.1 413 /);
  });

  it('answers what is no HTTP, and what could be read in two ways, with 400 and closes', async () => {
    for (const bytes of [
      'nonsense\r\n\r\n',
      `POST ${predict} HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      `POST ${predict} HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd`,
      `POST ${predict} HTTP/1.1\r\nhost: x\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n`,
    ]) {
      const count = test.workers.at(0).requests.length;
      const socket = connect(Number(new URL(test.gateway.url).port), '127.0.0.1');
      socket.write(bytes);
      const answer = await text(socket);
      assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/, bytes);
      assert.match(answer, /"code":"bad-request"/);
      assert.equal(test.workers.at(0).requests.length, count);
    }
  });

  it('refuses a request without Host, and one that expects what nobody knows, like any other: with an id and a body', async () => {
    for (const [head, status] of [
      ['', 400],
      ['host: x\r\nexpect: coffee\r\n', 417],
    ] as const) {
      const socket = connect(Number(new URL(test.gateway.url).port), '127.0.0.1');
      socket.write(`POST ${predict} HTTP/1.1\r\n${head}connection: close\r\ncontent-length: 2\r\n\r\n{}`);
      const answer = await text(socket);
      assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer);
      assert.match(answer, /x-request-id: .*"code":"bad-request"/s);
    }
  });

  it('gives the head of the request to a predictor that wants it, its path as the client spelled it', async () => {
    const spelled = '/loc%61l/%65cho/predict';
    await test.apply({}, { serving: 2, revisions: { 2: 1 } });
    const worker = test.workers.at(1);
    worker.ready({ predict: { async: false, needsHead: true, streamsBody: false } });
    const asked = test.ask(`${spelled}?a=1&b=%20`, { body: '{}', headers: { 'X-One': 'Value' } });
    await until(() => worker.requests.length === 1, 'the request');
    worker.answer(worker.requests[0]?.id ?? 0, '1');
    await asked;
    const head = JSON.parse(worker.requests[0]?.head ?? '') as Record<string, unknown> & { headers: [string, string][] };
    assert.deepEqual([head.method, head.rawPath, head.query, head.httpVersion], ['POST', spelled, 'a=1&b=%20', '1.1']);
    assert.deepEqual(
      head.headers.find(([name]) => name === 'x-one'),
      ['x-one', 'Value'],
    );
  });
});
