import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorBody } from '../../api/errors.ts';
import { digestOf } from '../../api/manifest.ts';
import type { Route } from '../../api/routes/route.ts';
import { routes } from '../../api/routes.ts';
import { makeTestControl, testHost, testToken } from '../testing/test-control.ts';

test('a request from a page of another site is told nothing, with or without the token', async (t) => {
  const { call } = await makeTestControl(t);
  const foreign: Record<string, string>[] = [
    { host: 'evil.example' },
    { host: 'localhost:80' },
    { host: `evil.example:${testHost.split(':')[1]}` },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `https://${testHost}` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];
  for (const headers of foreign) {
    for (const path of ['/status', '/no-such-thing', '/metrics']) {
      for (const authorization of [`Bearer ${testToken}`, '']) {
        const answer = await call<ErrorBody>('GET', path, undefined, { ...headers, authorization });
        assert.equal(answer.status, 403, JSON.stringify({ headers, path }));
        const { request_id: _, ...error } = answer.body.error;
        assert.deepEqual(error, { code: 'forbidden', message: 'forbidden' });
      }
    }
  }
});

test('a page of the control plane itself is let in', async (t) => {
  const { call } = await makeTestControl(t);
  const headers = { origin: `http://${testHost}`, 'sec-fetch-site': 'same-origin' };
  assert.equal((await call('GET', '/models', undefined, headers)).status, 200);
});

test('without the right token nothing is done', async (t) => {
  const { call, contents } = await makeTestControl(t);
  for (const authorization of [
    '',
    'Bearer',
    'Bearer wrong',
    `Basic ${testToken}`,
    `Bearer ${testToken}x`,
    `Bearer ${testToken.slice(1)}`,
  ]) {
    const answer = await call<ErrorBody>('PUT', `/contents/${digestOf('x')}`, 'x', { authorization });
    assert.deepEqual([answer.status, answer.body.error.code], [401, 'unauthorized'], authorization);
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
    assert.match(answer.body.error.hint ?? '', /`token` in SPELL_HOME/);
  }
  assert.equal(await contents.size(digestOf('x')), undefined);
});

test('metrics need no token and hold what the platform measures', async (t) => {
  const { call } = await makeTestControl(t);
  const answer = await call<string>('GET', '/metrics', undefined, { authorization: '' });
  assert.equal(answer.status, 200);
  assert.match(answer.body, /^spell_requests_total 3$/m);
});

test('every answer has a request id, the caller’s own where it is one', async (t) => {
  const { call } = await makeTestControl(t);
  assert.equal((await call('GET', '/models', undefined, { 'x-request-id': 'mine-1' })).headers.get('x-request-id'), 'mine-1');
  const refused = await call<ErrorBody>('GET', '/models/none', undefined, { 'x-request-id': 'mine-2' });
  assert.deepEqual([refused.headers.get('x-request-id'), refused.body.error.request_id], ['mine-2', 'mine-2']);
  assert.match((await call('GET', '/models', undefined, { 'x-request-id': 'a b"c' })).headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
});

test('an unknown path, a wrong method and a wrong body each say what is wrong', async (t) => {
  const { call } = await makeTestControl(t);
  const error = async (method: string, path: string, body?: unknown): Promise<[number, string, string, string | null]> => {
    const answer = await call<ErrorBody>(method, path, body);
    return [answer.status, answer.body.error.code, answer.body.error.message, answer.headers.get('allow')];
  };
  assert.deepEqual(await error('GET', '/nothing'), [404, 'not-found', 'there is nothing at /api/v1/nothing', null]);
  assert.deepEqual(await error('PUT', '/models'), [405, 'method-not-allowed', 'PUT is not allowed here', 'GET, POST']);
  for (const text of ['{"resource"', '', 'NaN', '{"resource": NaN}', '\u0000']) {
    const [status, code] = await error('POST', '/models', text === '' ? ' ' : text);
    assert.deepEqual([status, code], [400, 'bad-json'], text);
  }
  const cases: [unknown, string][] = [
    [{}, 'resource in the body is missing'],
    [{ resource: 3 }, 'resource in the body must be a string, not 3'],
    [{ resource: 'uploads/a', more: 1, most: 2 }, 'the body has the unknown keys "more", "most"'],
    [{ resource: 'uploads/a', files: ['a', null] }, 'files.1 in the body must be a string, not null'],
    [[], 'the body must be an object, not []'],
  ];
  for (const [body, message] of cases) assert.deepEqual((await error('POST', '/models', body)).slice(1, 3), ['bad-request', message]);
  assert.equal((await error('PUT', '/contents/sha256:zz', 'x'))[1], 'bad-request');
  assert.equal((await error('GET', '/contents/..%2f..%2ftoken'))[1], 'bad-request');
});

test('a body that is nested to crash its reader is refused', async (t) => {
  const { call } = await makeTestControl(t);
  const deep = `{"name":"a","settings":{"config":{"values":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}},"code":{"entrypoint":"p","files":[]}}`;
  const answer = await call<ErrorBody>('POST', '/model-servers', deep);
  assert.deepEqual([answer.status, answer.body.error.code], [400, 'bad-request']);
});

test('an error inside is not told to the caller in full, and stands in the log', async (t) => {
  const { call, store, said } = await makeTestControl(t);
  t.mock.method(store.models, 'all', () => {
    throw new Error('a detail');
  });
  const answer = await call<ErrorBody>('GET', '/models');
  assert.deepEqual([answer.status, answer.body.error.code], [500, 'internal']);
  assert.ok(said.some((line) => line.includes('a detail') && line.includes(answer.body.error.request_id ?? '?')));
});

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; parameters: { name: string; in: string }[] }>>;
  components: { schemas: Record<string, unknown> };
}

test('the OpenAPI document names every route, and every reference in it leads somewhere', async (t) => {
  const { call } = await makeTestControl(t);
  const { body } = await call<Document>('GET', '/openapi.json');
  assert.match(body.openapi, /^3\.1\./);
  const named = Object.values(body.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
  assert.deepEqual(named.sort(), Object.keys(routes).sort());
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const operation = body.paths[route.path.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()];
    const inPath = operation?.parameters.filter((parameter) => parameter.in === 'path').map((parameter) => `:${parameter.name}`);
    assert.deepEqual(inPath, route.path.match(/:\w+/g) ?? [], name);
  }
  const references = [...JSON.stringify(body).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
  assert.ok(references.length > 20);
  for (const reference of references) {
    assert.match(reference, /^#\/components\/schemas\/\w+$/);
    assert.ok(Object.hasOwn(body.components.schemas, reference.split('/').at(-1) ?? ''), reference);
  }
  assert.doesNotMatch(JSON.stringify(body), /\$defs|__schema/);
});
