import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Answer, predict, request } from '../harness/endpoint.ts';
import { RealGateway } from '../harness/gateway.ts';

const predictor = `
import time
from typing import TypedDict
from starlette.exceptions import HTTPException
from starlette.responses import Response
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        what = payload["what"] if isinstance(payload, dict) else payload
        if what == "raise":
            raise RuntimeError("no such luck")
        if what == "teapot":
            raise HTTPException(418, headers={"x-kind": "teapot"})
        if what == "unsendable":
            return object()
        if what == "text":
            return "größe"
        if what == "bytes":
            return b"\\x00\\xff"
        if what == "response":
            return Response("gone", status_code=410, headers={"x-more": "1"})
        if what == "sleep":
            time.sleep(payload["seconds"])
        return {"echo": payload}
`;

const typed = `
from dataclasses import dataclass
from spell.serving import BasePredictor


@dataclass
class Payload:
    age: int


class Predictor(BasePredictor):
    def predict(self, payload: Payload):
        return payload.age + 1
`;

interface ErrorBody {
  error: { code: string; message: string; request_id: string; fields?: { path: string }[]; traceback?: string };
}

describe('the status table, with real workers', () => {
  let gateway: RealGateway;
  before(async () => {
    gateway = await RealGateway.start();
    await gateway.revision(1, predictor, { 'max-request-size': 10_000 });
    await gateway.revision(2, typed);
    await gateway.revision(3, predictor, { debug: true });
    await gateway.apply('any', 1, { 1: 1 });
    await gateway.apply('typed', 2, { 2: 1 });
    await gateway.apply('debugged', 3, { 3: 1 });
    await Promise.all([gateway.ready('any', 1), gateway.ready('typed', 2), gateway.ready('debugged', 3)]);
  });
  after(() => gateway.close());

  const fails = (answer: Answer, status: number, code: string): ErrorBody['error'] => {
    const { error } = answer.json<ErrorBody>();
    assert.deepEqual([answer.status, error.code], [status, code]);
    assert.equal(error.request_id, answer.headers.get('x-request-id'));
    assert.equal(answer.headers.get('content-type'), 'application/json');
    return error;
  };

  it('200: JSON whatever the content type says, text, bytes, and a response as it is', async () => {
    const form = await predict(gateway.url('any'), { what: 'größe' }, { 'content-type': 'application/x-www-form-urlencoded' });
    assert.deepEqual([form.status, form.json()], [200, { echo: { what: 'größe' } }]);
    assert.deepEqual((await predict(gateway.url('any'), 17)).json(), { echo: 17 });
    const plain = await predict(gateway.url('any'), { what: 'text' });
    assert.deepEqual([plain.headers.get('content-type'), plain.text], ['text/plain; charset=utf-8', 'größe']);
    const bytes = await predict(gateway.url('any'), { what: 'bytes' });
    assert.deepEqual([bytes.headers.get('content-type'), bytes.headers.get('content-length')], ['application/octet-stream', '2']);
    const own = await predict(gateway.url('any'), { what: 'response' });
    assert.deepEqual([own.status, own.headers.get('x-more'), own.text], [410, '1', 'gone']);
    assert.ok(own.headers.get('x-request-id'));
  });

  it('400 bad-json: nothing, half an object, NaN, Infinity, too deep', async () => {
    for (const body of ['', '{"a":', '{"a": NaN}', '[Infinity]', '['.repeat(5000), '\xff']) {
      fails(await request(gateway.url('any'), { method: 'POST', body }), 400, 'bad-json');
    }
    assert.equal((await predict(gateway.url('any'), 1)).status, 200);
  });

  it('413 too-large', async () => {
    fails(await request(gateway.url('any'), { method: 'POST', body: 'x'.repeat(10_001) }), 413, 'too-large');
  });

  it('422 invalid-payload, naming the field', async () => {
    assert.equal((await predict(gateway.url('typed'), { age: 41 })).text, '42');
    const error = fails(await predict(gateway.url('typed'), { age: 'old' }), 422, 'invalid-payload');
    assert.equal(error.fields?.[0]?.path, 'age');
  });

  it('500 predictor-error and bad-result, with a traceback only where the server runs with debug', async () => {
    const error = fails(await predict(gateway.url('any'), { what: 'raise' }), 500, 'predictor-error');
    assert.equal(error.traceback, undefined);
    const debugged = fails(await predict(gateway.url('debugged'), { what: 'raise' }), 500, 'predictor-error');
    assert.match(debugged.traceback ?? '', /predictor\.py.*no such luck/s);
    const unsendable = fails(await predict(gateway.url('any'), { what: 'unsendable' }), 500, 'bad-result');
    assert.match(unsendable.message, /object/);
  });

  it("an HTTPException's own status and headers", async () => {
    const answer = await predict(gateway.url('any'), { what: 'teapot' });
    assert.deepEqual([answer.status, answer.headers.get('x-kind')], [418, 'teapot']);
  });

  it('504 deadline, by the caller, while it runs', async () => {
    const began = performance.now();
    fails(await predict(gateway.url('any'), { what: 'sleep', seconds: 2 }, { 'x-request-timeout': '0.2' }), 504, 'deadline');
    assert.ok(performance.now() - began < 1900);
    assert.equal((await predict(gateway.url('any'), 1)).status, 200);
  });

  it('503 stopped, and 404 once it is removed', async () => {
    await gateway.apply('typed', 2, { 2: 1 }, true);
    const stopped = await predict(gateway.url('typed'), { age: 1 });
    fails(stopped, 503, 'stopped');
    assert.ok(Number(stopped.headers.get('retry-after')) > 0);
    await gateway.admin('DELETE', '/servers/local/typed');
    fails(await predict(gateway.url('typed'), { age: 1 }), 404, 'not-found');
  });
});
