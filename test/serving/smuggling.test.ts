import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { predict } from '../harness/endpoint.ts';
import { RealGateway } from '../harness/gateway.ts';
import { type RawAnswer, RawConnection, sayAll } from '../harness/raw-http.ts';

// What could be read as one request by a program before the gateway and as another by the gateway is refused, and the
// connection ends there. https://portswigger.net/web-security/request-smuggling and RFC 9112 §11 describe the family.

const counting = `
from spell.serving import BasePredictor
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse


class Predictor(BasePredictor):
    def __init__(self):
        self.calls = []

    def predict(self, payload, request: Request):
        if payload == "calls":
            return self.calls
        self.calls.append(payload)
        if isinstance(payload, dict) and "headers" in payload:
            pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in payload["headers"]]
            response = Response("body") if "stream" not in payload else StreamingResponse(iter(payload["stream"]))
            response.raw_headers.extend(pairs)
            return response
        return {"payload": payload, "target": request.url.path, "query": request.url.query}
`;

const target = '/local/any/predict';
const post = `POST ${target} HTTP/1.1\r\nhost: x\r\n`;
/** What an attacker hopes to be taken for a request of its own. */
const hidden = `POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 8\r\n\r\n"hidden"`;

const refused: Record<string, string> = {
  'content-length and transfer-encoding': `${post}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'transfer-encoding and content-length': `${post}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n${hidden}`,
  'two content-lengths that differ': `${post}content-length: 3\r\ncontent-length: 200\r\n\r\n"a"${hidden}`,
  'two content-lengths that agree': `${post}content-length: 3\r\ncontent-length: 3\r\n\r\n"a"${hidden}`,
  'a list as content-length': `${post}content-length: 3, 3\r\n\r\n"a"${hidden}`,
  'a content-length with a plus': `${post}content-length: +3\r\n\r\n"a"${hidden}`,
  'a negative content-length': `${post}content-length: -3\r\n\r\n"a"${hidden}`,
  'a hexadecimal content-length': `${post}content-length: 0x3\r\n\r\n"a"${hidden}`,
  'a content-length with a space in it': `${post}content-length: 3 0\r\n\r\n"a"${hidden}`,
  'an empty content-length': `${post}content-length: \r\n\r\n${hidden}`,
  'a content-length beyond all numbers': `${post}content-length: 18446744073709551619\r\n\r\n"a"${hidden}`,
  'an unknown transfer-encoding': `${post}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a transfer-encoding after chunked': `${post}transfer-encoding: chunked , identity\r\n\r\n0\r\n\r\n${hidden}`,
  'chunked twice': `${post}transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'chunked with a parameter': `${post}transfer-encoding: chunked;q=1\r\n\r\n0\r\n\r\n${hidden}`,
  'chunked in quotes': `${post}transfer-encoding: "chunked"\r\n\r\n0\r\n\r\n${hidden}`,
  'chunked after a vertical tab': `${post}transfer-encoding: \x0bchunked\r\n\r\n0\r\n\r\n${hidden}`,
  'an empty transfer-encoding': `${post}transfer-encoding:\r\n\r\n${hidden}`,
  'identity, then chunked': `${post}transfer-encoding: identity\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'chunked, then identity': `${post}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n${hidden}`,
  'two headers of chunked': `${post}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'transfer-encoding in HTTP/1.0': `POST ${target} HTTP/1.0\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a space before the colon': `${post}transfer-encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a tab before the colon': `${post}transfer-encoding\t: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a header that begins with a space': `POST ${target} HTTP/1.1\r\n host: x\r\n\r\n${hidden}`,
  'a folded header': `${post}x-long: a\r\n b\r\n\r\n${hidden}`,
  'a header folded by a tab': `${post}x-long: a\r\n\tb\r\n\r\n${hidden}`,
  'a folded transfer-encoding': `${post}transfer-encoding:\r\n chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'lines that end with a line feed alone': `POST ${target} HTTP/1.1\nhost: x\n\n${hidden}`,
  'one line that ends with a line feed alone': `${post}x-a: b\ncontent-length: 3\r\n\r\n"a"${hidden}`,
  'a carriage return in a value': `${post}x-a: b\rcontent-length: 3\r\n\r\n"a"${hidden}`,
  'two carriage returns at a line end': `${post}x-a: b\r\r\n\r\n${hidden}`,
  'a NUL in a value': `${post}x-a: b\0c\r\n\r\n${hidden}`,
  'a NUL in a name': `${post}x\0a: b\r\n\r\n${hidden}`,
  'a NUL in the path': `POST ${target}\0 HTTP/1.1\r\nhost: x\r\n\r\n${hidden}`,
  'a header without a name': `${post}: b\r\n\r\n${hidden}`,
  'a header without a colon': `${post}x-a\r\n\r\n${hidden}`,
  'a space in the path': `POST ${target} x HTTP/1.1\r\nhost: x\r\n\r\n${hidden}`,
  'a method in lower case': `post ${target} HTTP/1.1\r\nhost: x\r\n\r\n${hidden}`,
  'no host': `POST ${target} HTTP/1.1\r\n\r\n${hidden}`,
  'two hosts': `${post}host: y\r\n\r\n${hidden}`,
  'a host that is none': `POST ${target} HTTP/1.1\r\nhost: x/${target}\r\n\r\n${hidden}`,
  'a whole URL of another host': `POST http://y${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 9999\r\n\r\n${hidden}`,
  'a URL with a user': `POST http://u@x${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 9999\r\n\r\n${hidden}`,
};

const refusedBodies: Record<string, string> = {
  'a size beyond all numbers': `FFFFFFFFFFFFFFFFF\r\n"a"\r\n0\r\n\r\n${hidden}`,
  'a negative size': `-3\r\n"a"\r\n0\r\n\r\n${hidden}`,
  'a size with 0x': `0x3\r\n"a"\r\n0\r\n\r\n${hidden}`,
  'a size with a plus': `+3\r\n"a"\r\n0\r\n\r\n${hidden}`,
  'a size with a space after it': `3 \r\n"a"\r\n0\r\n\r\n${hidden}`,
  'no size': `\r\n"a"\r\n0\r\n\r\n${hidden}`,
  'line feeds alone': `3\n"a"\n0\n\n${hidden}`,
  'an extension that ends with a line feed': `3;x\n"a"\r\n0\r\n\r\n${hidden}`,
  'a carriage return instead of a line end': `3\r\r"a"\r\n0\r\n\r\n${hidden}`,
  'a chunk longer than its size': `3\r\n"ab"\r\n0\r\n\r\n${hidden}`,
  'extensions without an end': `3;${'x'.repeat(70_000)}\r\n"a"\r\n0\r\n\r\n${hidden}`,
  'a content-length among the trailers': `3\r\n"a"\r\n0\r\ncontent-length: 9\r\n\r\n${hidden}`,
};

/** Our own error, whoever found it. */
function assertRefused(answer: RawAnswer | undefined, statuses: number[] = [400]): void {
  assert.ok(answer, 'no answer');
  assert.ok(statuses.includes(answer.status), `${answer.status} ${answer.body}`);
  assert.equal(answer.headers['content-type'], 'application/json');
  assert.equal(answer.headers.connection?.toLowerCase(), 'close');
  const { error } = JSON.parse(answer.body) as { error: { code: string; request_id: string } };
  assert.equal(error.code, 'bad-request');
  assert.ok(error.request_id);
  assert.equal(answer.headers['x-request-id'], error.request_id);
}

describe('requests that two programs could read differently', () => {
  let gateway: RealGateway;
  const calls = async (): Promise<unknown[]> => (await predict(gateway.url('any'), 'calls')).json<unknown[]>();
  before(async () => {
    // Whatever an administrator sets for other programs, this parser stays strict.
    gateway = await RealGateway.start({ gatewayPrefix: ['env', 'NODE_OPTIONS=--insecure-http-parser'] });
    await gateway.revision(1, counting);
    await gateway.apply('any', 1, { 1: 1 });
    await gateway.ready('any', 1);
  });
  after(() => gateway.close());

  for (const [what, bytes] of Object.entries(refused)) {
    it(`refused: ${what}`, async () => {
      const known = await calls();
      assertRefused(await sayAll(gateway.url('any'), bytes), [400, 501]);
      assert.deepEqual(await calls(), known, 'nothing of it was run');
    });
  }

  for (const [what, bytes] of Object.entries(refusedBodies)) {
    it(`refused in a chunked body: ${what}`, async () => {
      const known = await calls();
      assertRefused(await sayAll(gateway.url('any'), `${post}transfer-encoding: chunked\r\n\r\n${bytes}`));
      assert.deepEqual(await calls(), known, 'nothing of it was run');
    });
  }

  it('refused in the middle of a large body, of which the worker has the beginning', async () => {
    const known = await calls();
    const chunk = `10000\r\n${'1'.repeat(65_536)}\r\n`;
    const bytes = `${post}transfer-encoding: chunked\r\n\r\n${chunk.repeat(32)}XYZ\r\n${hidden}`;
    assertRefused(await sayAll(gateway.url('any'), bytes));
    assert.deepEqual(await calls(), known, 'nothing of it was run');
  });

  it('refused on a connection that has served well before', async () => {
    const connection = await RawConnection.open(gateway.url('any'));
    assert.equal((await connection.say(`${post}content-length: 3\r\n\r\n"a"`).answer())?.status, 200);
    assertRefused(await connection.say('nonsense\r\n\r\n').answer());
    assert.equal(await connection.end(), '');
  });

  it('501 and 505 for a coding and a version that are not spoken here', async () => {
    assertRefused(await sayAll(gateway.url('any'), `${post}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`), [501]);
    assertRefused(await sayAll(gateway.url('any'), `GET ${target} HTTP/2.0\r\nhost: x\r\n\r\n`), [505]);
    assertRefused(await sayAll(gateway.url('any'), `GET ${target}\r\n\r\n`), [505]);
  });

  it('not refused: chunk extensions and trailers, which are passed over', async () => {
    const connection = await RawConnection.open(gateway.url('any'));
    connection.say(`${post}transfer-encoding: Chunked\r\n\r\n2;a=b;c="d"\r\n"a\r\n1\r\n"\r\n0\r\nx-trailer: 1\r\n\r\n`);
    assert.equal(JSON.parse((await connection.answer())?.body ?? '').payload, 'a');
    connection.close();
  });

  it('not refused: a whole URL of the same host; the predictor sees its path', async () => {
    const connection = await RawConnection.open(gateway.url('any'));
    connection.say(`POST http://X:80${target}?a=b HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\n"a"`);
    assert.deepEqual(JSON.parse((await connection.answer())?.body ?? ''), { payload: 'a', target, query: 'a=b' });
    connection.close();
  });

  it('what follows a body is a request of its own, never part of the former', async () => {
    const connection = await RawConnection.open(gateway.url('any'));
    connection.say(
      `${post}content-length: 3\r\n\r\n"a"${post}content-length: 3\r\n\r\n"b"${post}connection: close\r\ncontent-length: 3\r\n\r\n"c"`,
    );
    for (const payload of ['a', 'b', 'c']) assert.equal(JSON.parse((await connection.answer())?.body ?? '').payload, payload);
    assert.equal(await connection.end(), '');
  });

  it('what follows a request that ends its connection is not run', async () => {
    const known = await calls();
    const connection = await RawConnection.open(gateway.url('any'));
    connection.say(`${post}connection: close\r\ncontent-length: 3\r\n\r\n"a"${hidden}`);
    assert.equal((await connection.answer())?.status, 200);
    assert.equal(await connection.end(), '');
    assert.deepEqual(await calls(), [...known, 'a']);
  });

  it('what cannot be read after a good request takes nothing from its answer', async () => {
    const connection = await RawConnection.open(gateway.url('any'));
    connection.say(`${post}content-length: 3\r\n\r\n"a"nonsense\r\n\r\n`);
    const answer = await connection.answer();
    assert.deepEqual([answer?.status, answer?.headers.connection], [200, 'close']);
    assert.equal(await connection.end(), '');
  });
});

describe('answers that a predictor could break out of', () => {
  let gateway: RealGateway;
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, counting);
    await gateway.apply('any', 1, { 1: 1 });
    await gateway.ready('any', 1);
  });
  after(() => gateway.close());

  const ask = async (payload: unknown): Promise<{ answer: RawAnswer | undefined; connection: RawConnection }> => {
    const connection = await RawConnection.open(gateway.url('any'));
    const body = JSON.stringify(payload);
    connection.say(`${post}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    return { answer: await connection.answer(), connection };
  };

  for (const value of ['a\r\nx-injected: 1', 'a\nx-injected: 1', 'a\rb', 'a\0b', 'a\r\n\r\n<script>']) {
    it(`500 for the header value ${JSON.stringify(value)}`, async () => {
      const { answer, connection } = await ask({ headers: [['x-a', value]] });
      assert.equal(answer?.status, 500);
      assert.equal(answer?.headers['x-injected'], undefined);
      assert.equal(JSON.parse(answer?.body ?? '').error.code, 'bad-result');
      connection.close();
    });
  }

  it('500 for a header name that is none', async () => {
    for (const name of ['a b', 'a:b', 'a\r\nb', '']) {
      const { answer, connection } = await ask({ headers: [[name, 'x']] });
      assert.equal(answer?.status, 500, JSON.stringify(name));
      connection.close();
    }
  });

  it('headers of the connection and of the framing are ours', async () => {
    const headers = [
      ['connection', 'upgrade, x-secret'],
      ['keep-alive', 'timeout=1'],
      ['transfer-encoding', 'chunked'],
      ['te', 'trailers'],
      ['trailer', 'x'],
      ['upgrade', 'h2c'],
      ['content-length', '2'],
      ['x-request-id', 'forged'],
      ['x-fine', '1'],
    ];
    const { answer, connection } = await ask({ headers });
    assert.deepEqual([answer?.status, answer?.body, answer?.headers['content-length'], answer?.headers['x-fine']], [200, 'body', '4', '1']);
    for (const name of ['transfer-encoding', 'te', 'trailer', 'upgrade']) assert.equal(answer?.headers[name], undefined, name);
    assert.equal(answer?.headers.connection, 'keep-alive');
    assert.notEqual(answer?.headers['x-request-id'], 'forged');
    connection.close();
  });

  it('a stream that is longer or shorter than it promised is broken off, with its connection', async () => {
    for (const [length, stream] of [
      ['4', ['ab', 'cd', 'HTTP/1.1 200 OK\r\n\r\n']],
      ['9', ['ab', 'cd']],
    ]) {
      const { answer, connection } = await ask({ headers: [['content-length', length]], stream });
      assert.ok(answer === undefined || answer.body === 'abcd');
      assert.doesNotMatch(await connection.end(), /200 OK.*200 OK/s);
      assert.equal((await predict(gateway.url('any'), 'calls')).status, 200);
    }
  });

  it('500 for a stream that promises two lengths, or none that is one', async () => {
    for (const lengths of [['4', '5'], ['4, 5'], ['+4'], ['']]) {
      const { answer, connection } = await ask({ headers: lengths.map((length) => ['content-length', length]), stream: ['abcd'] });
      assert.deepEqual([answer?.status, JSON.parse(answer?.body ?? '').error.code], [500, 'bad-result'], JSON.stringify(lengths));
      connection.close();
    }
  });
});
