import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointCodes } from '../../runtime/api/endpoint.ts';
import { SpellError } from '../../runtime/api/errors.ts';
import type { EndpointAnswer } from '../../runtime/api/http/exchange.ts';
import { fakeEditor } from '../testing.ts';
import { answerText } from './answer-text.ts';
import type { Sent } from './send.ts';

const { code } = fakeEditor();
const url = 'http://127.0.0.1:8000/local/digits/predict';

function sent(outcome: Partial<EndpointAnswer> | SpellError): Sent {
  const answer = { status: 200, headers: {}, contentType: 'application/json', requestId: 'r-1', ms: 3.21, body: Buffer.from('{}') };
  const came = outcome instanceof SpellError ? outcome : { ...answer, ...outcome };
  return { target: { owner: 'local', name: 'digits' }, url, at: new Date('2026-01-02T03:04:05Z'), payload: '{"a": 1}', outcome: came };
}

test('an answer tells its status, time, size, id, stages and headers, and its JSON is indented', () => {
  const headers = { 'content-type': 'application/json', 'server-timing': 'queue;dur=0.4, predict;dur=10.1', 'x-model': 'v3' };
  const { text, languageId } = answerText(code, sent({ headers, body: Buffer.from('{"digit":5}') }));
  assert.deepEqual(text.split('\n').toSpliced(3, 1), [
    '// 200 OK · 3.2 ms · 11 B',
    '// request r-1 · application/json',
    '// Of it in the model server: queue 0.4 ms, predict 10.1 ms',
    '// x-model: v3',
    '{ "digit": 5 }',
    '',
  ]);
  assert.match(text, /^\/\/ POST http:.*\/predict · 8 B sent at /m);
  assert.equal(languageId, 'jsonc');
});

test('every code of the endpoint is told with its reason and what to do next', () => {
  for (const [name, status] of Object.entries(endpointCodes)) {
    const body = Buffer.from(JSON.stringify({ error: { code: name, message: `it is ${name}`, request_id: 'r-1' } }));
    const [first, second, third] = answerText(code, sent({ status, body })).text.split('\n');
    assert.match(first ?? '', new RegExp(`^// ${status} \\w`));
    assert.equal(second, `// ${name}: it is ${name}`);
    assert.match(third ?? '', /^\/\/ [A-Z].+\.$/, name);
  }
});

test('no answer is told with what was tried and what to do', () => {
  const { text } = answerText(code, sent(new SpellError('unreachable', `the endpoint ${url} does not answer`, 'look at it')));
  assert.match(text, /^\/\/ No answer: the endpoint .* does not answer\n\/\/ look at it\n\/\/ POST /);
});

test('bytes are named and not shown, also where they are said to be text; what is large is cut, and it says so', () => {
  const image = answerText(code, sent({ contentType: 'image/png', body: Buffer.alloc(2048, 1) })).text;
  assert.match(image, /The body is not text \(image\/png, 2\.0 KiB\) and is not shown/);
  assert.equal(image.split('\n').length, 5);
  assert.match(answerText(code, sent({ contentType: 'text/plain', body: Buffer.from('a\0b') })).text, /is not text/);
  const large = answerText(code, sent({ contentType: 'text/plain', body: Buffer.alloc(1024 * 1024 + 1, 'x') }));
  assert.match(large.text, /The body is 1\.0 MiB: its first 1\.0 MiB follow/);
  assert.equal(large.languageId, 'plaintext');
  assert.equal(large.text.match(/x{100,}/)?.[0].length, 1024 * 1024);
});

test('text stands as it came', () => {
  const { text, languageId } = answerText(code, sent({ contentType: 'text/plain; charset=utf-8', body: Buffer.from('a  b') }));
  assert.ok(text.endsWith('\na  b\n'));
  assert.equal(languageId, 'plaintext');
});
