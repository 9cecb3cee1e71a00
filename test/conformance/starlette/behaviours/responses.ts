import assert from 'node:assert/strict';
import { type Answer, valuesOf } from '../ask.ts';
import { answered, type Behaviour } from '../behaviour.ts';

const responds = (name: string, says: string, status: number, text: string, headers: Record<string, string | string[]> = {}): Behaviour =>
  answered(says, { endpoint: `responses.${name}` }, status, text, headers);

function deletesCookie(answer: Answer): void {
  const [cookie = ''] = valuesOf(answer, 'set-cookie');
  assert.match(cookie, /^session=""; Domain=example\.com; expires=[^;]+ GMT; HttpOnly; Max-Age=0; Path=\/local; SameSite=lax$/);
}

export const responses: Behaviour[] = [
  responds('text', 'PlainTextResponse: UTF-8, with a status', 201, 'größe', {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': '7',
  }),
  responds('html', 'HTMLResponse', 200, '<p>ü</p>', { 'content-type': 'text/html; charset=utf-8' }),
  responds('json', 'JSONResponse: compact UTF-8', 200, '{"größe":[1,2.5,null,true],"nested":{"a":"b"}}', {
    'content-type': 'application/json',
  }),
  responds('json_null', 'JSONResponse of None', 200, 'null'),
  {
    says: 'Response of bytes with a media type',
    asked: { endpoint: 'responses.octets' },
    expect: (answer) => {
      assert.deepEqual(
        [...answer.body],
        Array.from({ length: 256 }, (_, value) => value),
      );
      assert.deepEqual(valuesOf(answer, 'content-type'), ['image/png']);
    },
  },
  responds('view', 'Response of a memoryview', 200, 'seen through', { 'content-length': '12' }),
  responds('untyped', 'Response without a media type has no content type', 200, 'no media type', { 'content-type': [] }),
  responds('own_charset', 'a charset that is there is not added again', 200, 'x', { 'content-type': 'text/plain; charset=latin-1' }),
  responds('own_type', "a content type among the headers is the only one; the headers' names are in lower case", 200, '{"a": 1}', {
    'content-type': 'application/problem+json',
    'x-header-1': '123',
    'x-header-2': '456',
  }),
  {
    says: "a header's value in latin-1",
    asked: { endpoint: 'responses.latin_header' },
    expect: (answer) => assert.deepEqual(valuesOf(answer, 'x-name'), ['Zoë']),
  },
  responds('changed_headers', 'headers that were changed, repeated and deleted', 200, 'x', {
    'x-first': '2',
    'x-many': ['a', 'b'],
    'x-gone': [],
    vary: 'accept',
  }),
  responds('nothing', '204 has neither body nor length', 204, '', { 'content-length': [] }),
  responds('not_modified', '304 has headers and no body', 304, '', { etag: '"abc"', 'content-length': [] }),
  responds('empty', 'an empty response has the length 0', 200, '', { 'content-length': '0' }),
  responds('redirect', 'RedirectResponse: 307, its location quoted', 307, '', {
    location: '/I%20%E2%99%A5%20Starlette/?a=b&c=%20',
    'content-length': '0',
  }),
  responds('see_other', 'RedirectResponse to a URL, with a status and headers', 303, '', {
    location: 'http://models.example:8443/local/other/predict',
    'x-why': 'moved',
  }),
  responds('unusual', 'any status', 418, 'short and stout'),
  responds('closing', 'a response that closes its connection', 200, 'bye', { connection: 'close' }),
  responds('custom', 'a subclass with its own media type and render', 200, '1,2\nä,None', {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="table.csv"',
  }),
  responds('negotiated', 'a subclass with its own __call__', 200, 'chosen: text'),
  answered(
    '… which sees the head of its request',
    { endpoint: 'responses.negotiated', headers: ['Accept', 'application/json'] },
    200,
    '{"chosen":"json"}',
  ),
  responds('messages', "a subclass that sends ASGI's messages itself", 203, 'first second', {
    'x-own': ['1', '2'],
    'transfer-encoding': 'chunked',
  }),
  { says: 'a deleted cookie', asked: { endpoint: 'cookies.deleted' }, expect: deletesCookie },
];
