import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { AccessRecord } from '../../runtime/serving/front/access-log.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { type RawAnswer, RawConnection, sayAll } from '../harness/raw-http.ts';

const echo = `
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        if payload == "raise":
            raise RuntimeError("no such luck")
        return payload
`;

const ownHealth = `${echo}
    def health(self):
        return {"asked": True}
`;

/** Answers when a file appears. */
const gated = `
import pathlib, time

from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        while not pathlib.Path("open").exists():
            time.sleep(0.01)
        return payload
`;

const head = (line: string, ...headers: string[]): string => `${[`${line} HTTP/1.1`, 'host: x', ...headers].join('\r\n')}\r\n\r\n`;
const codeOf = (answer: RawAnswer | undefined): string => JSON.parse(answer?.body ?? '').error.code;

describe('the front', () => {
  let gateway: RealGateway;
  let any: string;
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, echo, { 'max-request-size': 200_000 });
    await gateway.revision(2, ownHealth, { 'cors-origins': ['https://app.example'] });
    await gateway.revision(3, gated, { 'max-queue': 1 });
    await gateway.apply('any', 1, { 1: 1 });
    await gateway.apply('asked', 2, { 2: 1 });
    await gateway.apply('slow', 3, { 3: 1 });
    await gateway.apply('stopped', 1, { 1: 0 }, true);
    await Promise.all([gateway.ready('any', 1), gateway.ready('asked', 2), gateway.ready('slow', 3)]);
    any = gateway.url('any');
  });
  after(() => gateway.close());

  it('HEAD: the headers of GET and no body, where there is a GET; else 405 with Allow', async () => {
    const connection = await RawConnection.open(any);
    for (const [path, length] of [
      ['/local/any/health', '15'],
      ['/local/any/ready', '15'],
      ['/local/asked/health', '14'],
    ] as const) {
      connection.say(head(`HEAD ${path}`));
      // With a body behind it, the next answer would not be found where it is.
      assert.match(await connection.head(), new RegExp(`^HTTP/1\\.1 200 OK\r\n.*content-length: ${length}\r\n`, 'is'), path);
    }
    connection.say(head('HEAD /local/any/predict'));
    assert.match(await connection.head(), /^HTTP\/1\.1 405 .*allow: POST, OPTIONS\r\n/is);
    assert.equal((await connection.say(head('GET /local/any/health')).answer())?.body, '{"status":"ok"}');
    connection.close();
  });

  it('OPTIONS: what is allowed; to a page of an allowed origin also that it may', async () => {
    const connection = await RawConnection.open(any);
    const ask = async (line: string, ...headers: string[]): Promise<RawAnswer> => {
      const answer = await connection.say(head(line, ...headers)).answer();
      assert.ok(answer);
      return answer;
    };
    const plain = await ask('OPTIONS /local/any/predict', 'origin: https://app.example', 'access-control-request-method: POST');
    assert.deepEqual([plain.status, plain.headers.allow, plain.body], [204, 'POST, OPTIONS', '']);
    assert.ok(!Object.keys(plain.headers).some((name) => name.startsWith('access-control')));
    const health = await ask('OPTIONS /local/any/health');
    assert.deepEqual([health.status, health.headers.allow], [204, 'GET, HEAD, POST, OPTIONS']);
    const preflight = await ask('OPTIONS /local/asked/predict', 'origin: https://app.example', 'access-control-request-headers: x-a');
    assert.deepEqual(
      [preflight.status, preflight.headers['access-control-allow-origin'], preflight.headers['access-control-allow-headers']],
      [204, 'https://app.example', 'x-a'],
    );
    assert.equal(preflight.headers['access-control-expose-headers'], 'x-request-id, retry-after, server-timing');
    assert.equal((await ask('OPTIONS *')).status, 204);
    assert.equal((await ask('OPTIONS /local/nobody/predict')).status, 404);
    connection.close();
  });

  it('other methods: 405 with Allow; CONNECT too; an offered upgrade is passed over', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND']) {
      const answer = await sayAll(any, head(`${method} /local/any/predict`, 'connection: close'));
      assert.deepEqual([answer?.status, answer?.headers.allow, codeOf(answer)], [405, 'POST, OPTIONS', 'method-not-allowed'], method);
    }
    const connect = await sayAll(any, head('CONNECT example.com:443'));
    assert.deepEqual([connect?.status, codeOf(connect)], [405, 'method-not-allowed']);
    const upgrade = await sayAll(
      any,
      `${head('POST /local/any/predict', 'connection: upgrade, close', 'upgrade: h2c', 'content-length: 1')}7`,
    );
    assert.deepEqual([upgrade?.status, upgrade?.body], [200, '7']);
  });

  it('Expect: 100-continue gets its sign only when path, method, size and room are right, else its answer and no sign', async () => {
    const expecting = (target: string, length = 2): string => head(target, 'expect: 100-continue', `content-length: ${length}`);
    const connection = await RawConnection.open(any);
    assert.equal((await connection.say(expecting('POST /local/any/predict')).answer())?.status, 100);
    const answer = await connection.say('17').answer();
    assert.deepEqual([answer?.status, answer?.body], [200, '17']);
    connection.close();

    const busy = Array.from({ length: 8 }, () => predict(gateway.url('slow'), 1));
    // The queue is full as soon as one of them has been refused.
    await Promise.race(busy.map((each) => each.then(({ status }) => assert.equal(status, 429))));
    for (const [target, length, status, code] of [
      ['POST /local/nobody/predict', 2, 404, 'not-found'],
      ['PUT /local/any/predict', 2, 405, 'method-not-allowed'],
      ['POST /local/any/predict', 200_001, 413, 'too-large'],
      ['POST /local/stopped/predict', 2, 503, 'stopped'],
      ['POST /local/slow/predict', 2, 429, 'queue-full'],
    ] as const) {
      const refused = await sayAll(any, expecting(target, length));
      assert.deepEqual([refused?.status, codeOf(refused), refused?.headers.connection], [status, code, 'close'], target);
    }
    await writeFile(join(gateway.home, 'project-3', 'open'), '');
    await Promise.all(busy);
    const unknown = await sayAll(any, `${head('POST /local/any/predict', 'expect: coffee', 'content-length: 2')}17`);
    assert.deepEqual([unknown?.status, codeOf(unknown)], [417, 'bad-request']);
  });

  it('keeps a connection over many requests, refused ones with small bodies too', async () => {
    const connection = await RawConnection.open(any);
    for (let round = 0; round < 20; round++) {
      assert.equal((await connection.say(`${head('POST /local/any/predict', 'content-length: 1')}7`).answer())?.status, 200);
      assert.equal((await connection.say(`${head('POST /local/nobody/predict', 'content-length: 1')}7`).answer())?.status, 404);
      assert.equal(
        (await connection.say(`${head('PUT /local/any/predict', 'transfer-encoding: chunked')}1\r\n7\r\n0\r\n\r\n`).answer())?.status,
        405,
      );
    }
    connection.close();
  });

  it('does not wait for a large body, or one that does not come, of a request that it has refused', async () => {
    const large = await RawConnection.open(any);
    const answer = await large.say(head('POST /local/nobody/predict', 'content-length: 100000000')).answer();
    assert.deepEqual([answer?.status, answer?.headers.connection], [404, 'close']);
    assert.equal(await large.end(), '', 'after a while the connection ends, whatever the client does');
    // What is answered well without its body neither.
    const health = await RawConnection.open(any);
    assert.equal((await health.say(head('POST /local/any/health', 'content-length: 10')).answer())?.status, 200);
    const never = await RawConnection.open(any);
    assert.equal((await never.say(head('POST /local/nobody/predict', 'content-length: 10')).answer())?.status, 404);
    assert.equal(await never.end(), '');
    assert.equal(await health.end(), '');
  });
});

describe('the access log', () => {
  const lines = async (gateway: RealGateway, count: number): Promise<AccessRecord[]> =>
    eventually(async () => {
      const text = await readFile(join(gateway.home, 'access.log'), 'utf8');
      const records = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as AccessRecord);
      assert.ok(records.length >= count, text);
      return records;
    }, 5000);

  it('has a line for each request that ended, however, and never its query or its body', async () => {
    const gateway = await RealGateway.start({ accessLog: true });
    try {
      await gateway.revision(4, echo);
      await gateway.revision(5, gated);
      await gateway.apply('any', 4, { 4: 1 });
      await gateway.apply('slow', 5, { 5: 1 });
      await Promise.all([gateway.ready('any', 4), gateway.ready('slow', 5)]);
      const url = gateway.url('any');
      await predict(`${url}?token=secret`, 'größe', { 'x-request-id': 'r-1' });
      await predict(url, 'raise', { 'x-request-id': 'r-2' });
      await predict(gateway.url('nobody'), 1, { 'x-request-id': 'r-3' });
      await fetch(gateway.url('any', 'health'), { method: 'HEAD', headers: { 'x-request-id': 'r-4' } });
      await sayAll(url, 'nonsense\r\n\r\n');
      const gone = await RawConnection.open(url);
      gone.say(`${head('POST /local/slow/predict', 'x-request-id: r-6', 'content-length: 1')}1`);
      // It is at its worker when the next one is answered 504.
      await predict(gateway.url('slow'), 1, { 'x-request-timeout': '0.05', 'x-request-id': 'r-7' });
      gone.close();

      const records = await lines(gateway, 7);
      const pod = gateway.observe('any', 4)?.pods[0]?.id;
      const seen = new Map(
        records.map(({ time, ms, ...record }) => {
          assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000 && ms >= 0 && ms < 60_000, time);
          return [record.id, record];
        }),
      );
      const any = { server: 'local/any', method: 'POST', path: '/local/any/predict', revision: 4, pod };
      assert.deepEqual(seen.get('r-1'), { id: 'r-1', ...any, status: 200, cause: 'answered', bytesIn: 9, bytesOut: 7 });
      assert.deepEqual(
        { ...seen.get('r-2'), bytesOut: 0 },
        { id: 'r-2', ...any, status: 500, cause: 'predictor-error', bytesIn: 7, bytesOut: 0 },
      );
      const nobody = { server: 'local/nobody', path: '/local/nobody/predict', status: 404, cause: 'not-found', revision: null, pod: null };
      assert.deepEqual({ ...seen.get('r-3'), bytesOut: 0 }, { id: 'r-3', method: 'POST', ...nobody, bytesIn: 1, bytesOut: 0 });
      const health = {
        server: 'local/any',
        method: 'HEAD',
        path: '/local/any/health',
        status: 200,
        cause: 'answered',
        revision: null,
        pod: null,
      };
      assert.deepEqual(seen.get('r-4'), { id: 'r-4', ...health, bytesIn: 0, bytesOut: 0 });
      const unreadable = records.find(({ method }) => method === null);
      assert.deepEqual([unreadable?.status, unreadable?.cause, unreadable?.path], [400, 'bad-request', null]);
      assert.deepEqual([seen.get('r-6')?.status, seen.get('r-6')?.cause, seen.get('r-6')?.revision], [499, 'gone-running', 5]);
      assert.equal(seen.get('r-7')?.status, 504);
      assert.match(seen.get('r-7')?.cause ?? '', /^deadline/);
      assert.doesNotMatch(await readFile(join(gateway.home, 'access.log'), 'utf8'), /secret|größe/);
      await writeFile(join(gateway.home, 'project-5', 'open'), '');
    } finally {
      await gateway.close();
    }
  });

  it('is not written unless asked for', async () => {
    const gateway = await RealGateway.start();
    await predict(gateway.url('nobody'), 1);
    await gateway.admin('POST', '/stop');
    await gateway.exited();
    assert.equal(existsSync(join(gateway.home, 'access.log')), false);
    await gateway.close();
  });
});
