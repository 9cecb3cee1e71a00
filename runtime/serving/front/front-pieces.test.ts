import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bodyDeadline } from './body-pace.ts';
import { allowedOrigin } from './cors.ts';
import { HeaderScan } from './header-scan.ts';
import { timeoutProblem, unknownPath } from './refusals.ts';
import { isSaneRequestId, requestIdGenerator } from './request-id.ts';
import { resolveTarget } from './request-target.ts';
import { pathOf, unescaped } from './route-table.ts';

describe('request ids', () => {
  it('are taken when they are 1 to 128 visible ASCII characters', () => {
    assert.ok(isSaneRequestId('order-17/a'));
    assert.ok(isSaneRequestId('x'.repeat(128)));
    for (const id of ['', 'x'.repeat(129), 'a b', 'a\tb', 'naïve', '\x7f']) assert.equal(isSaneRequestId(id), false, JSON.stringify(id));
  });

  it('are made differently each time, and by each process', () => {
    const next = requestIdGenerator();
    const made = new Set(Array.from({ length: 1000 }, next));
    assert.equal(made.size, 1000);
    assert.ok([...made].every(isSaneRequestId));
    assert.notEqual(requestIdGenerator()(), requestIdGenerator()());
  });
});

describe('HeaderScan', () => {
  it('finds its headers in any spelling and forgets those of the request before', () => {
    const scan = new HeaderScan();
    scan.read(['Host', 'x', 'CONTENT-LENGTH', '12', 'X-Request-Id', 'abc', 'x-request-timeout', '0.5', 'Origin', 'https://a.example']);
    const { requestId, timeout, contentLength, origin, host, hasBody } = scan;
    assert.deepEqual([requestId, timeout, contentLength, origin, host, hasBody], ['abc', '0.5', 12, 'https://a.example', 'x', true]);
    scan.read(['user-agent-id', 'no']);
    assert.deepEqual({ ...scan }, { ...new HeaderScan() });
  });
});

describe('paths', () => {
  it('are what stands before the query', () => {
    assert.equal(pathOf('/a/b/predict?x=1?y'), '/a/b/predict');
    assert.equal(pathOf('*'), '*');
  });

  it('of a whole URL are kept as they were spelled, if its host is that of Host', () => {
    for (const [target, host, path] of [
      ['http://127.0.0.1:8000/a/b/predict?x', '127.0.0.1:8000', '/a/b/predict?x'],
      ['HTTP://A.example/%7Ex/', 'a.EXAMPLE:80', '/%7Ex/'],
      ['https://a.example?x', 'a.example:443', '/?x'],
      ['http://[::1]:80/', '[::1]', '/'],
      ['http://a.example', undefined, '/'],
    ] as const) {
      assert.deepEqual(resolveTarget(target, host), { path }, target);
    }
    for (const [target, host] of [
      ['http://a.example/', 'b.example'],
      ['http://a.example:81/', 'a.example'],
      ['https://a.example/', 'a.example:80'],
      ['http://a.example/', ''],
      ['http://user@a.example/', 'a.example'],
      ['ftp://a.example/', 'a.example'],
      ['a.example:80', 'a.example'],
      ['http:/a.example/', 'a.example'],
      ['http://', 'a.example'],
    ] as const) {
      assert.ok('refusal' in resolveTarget(target, host), target);
    }
  });

  it('lose the escapes that mean nothing, once, and keep the others', () => {
    for (const [path, without] of [
      ['/local/my%2Dserver/predict', '/local/my-server/predict'],
      ['/%6cocal/a%2eb%5F%7e%41/predict', '/local/a.b_~A/predict'],
      ['/local%2Fx/%252D/%20/%C3%A9/%2/%', '/local%2Fx/%252D/%20/%C3%A9/%2/%'],
    ] as const) {
      assert.equal(unescaped(path), without);
    }
  });

  it('that lead nowhere are told apart: no such model server, or no such path', () => {
    assert.equal(unknownPath('/local/digits/predict').message, 'there is no model server local/digits');
    assert.match(unknownPath('/local/digits/').message, /there is nothing at "\/local\/digits\/"/);
  });
});

describe('the front', () => {
  it('refuses a timeout that is no number above 0', () => {
    assert.equal(timeoutProblem(undefined), undefined);
    assert.equal(timeoutProblem('1.5'), undefined);
    for (const odd of ['0', '-1', 'soon', '', 'NaN']) assert.equal(timeoutProblem(odd)?.code, 'bad-request', odd);
  });

  it('gives a body 20 s and a second more for each 500 bytes', () => {
    assert.equal(bodyDeadline(1000, 0), 21_000);
    assert.equal(bodyDeadline(1000, 5000), 31_000);
  });

  it('allows the origins that were named, or any', () => {
    assert.equal(allowedOrigin(['https://a.example'], 'https://a.example'), 'https://a.example');
    assert.equal(allowedOrigin(['https://a.example'], 'https://b.example'), null);
    assert.equal(allowedOrigin(['*'], 'https://b.example'), '*');
    assert.equal(allowedOrigin(['*'], undefined), null);
  });
});
