import assert from 'node:assert/strict';
import { type Behaviour, jsonOf, seen } from '../behaviour.ts';

export const requestHeaders: Behaviour[] = [
  seen(
    'a repeated header: the first by its name, all of them in their order by getlist and items',
    { endpoint: 'headers.repeated', headers: ['X-Tag', 'one', 'X-Other', 'x', 'x-tag', 'two', 'X-TAG', 'one'] },
    { first: 'one', all: ['one', 'two', 'one'], items: ['one', 'two', 'one'] },
  ),
  seen('names are found whatever their case', { endpoint: 'headers.lookups', headers: ['X-MiXeD', 'v'] }, ['v', 'v', true, false, 'none']),
  seen('values are latin-1', { endpoint: 'headers.value', headers: ['X-Value', 'Zoë Ångström'] }, 'Zoë Ångström'),
  seen(
    'blanks around a value are not part of it, those inside are',
    { endpoint: 'headers.value', headers: ['X-Value', '  a  b\t'] },
    'a  b',
  ),
  seen('a header may be empty', { endpoint: 'headers.value', headers: ['X-Value', ''] }, ''),
  seen(
    'the raw headers are all that came, in their order, with names in lower case',
    { endpoint: 'headers.raw', headers: ['B-Second', '2', 'A-First', '1', 'B-Second', '3'] },
    [
      ['host', 'models.example:8443'],
      ['x-endpoint', 'headers.raw'],
      ['b-second', '2'],
      ['a-first', '1'],
      ['b-second', '3'],
      ['content-length', '0'],
      ['connection', 'close'],
    ],
  ),
  {
    says: 'the client is the host and the port of its socket',
    asked: { endpoint: 'headers.client' },
    expect: (answer) => assert.deepEqual(jsonOf(answer), { host: '127.0.0.1', port: answer.clientPort, same: true }),
    ownBody: true,
  },
  seen('method, version of HTTP, kind and version of ASGI', { endpoint: 'headers.protocol' }, ['POST', '1.1', 'http', '3.0']),
  seen(
    'a request is a mapping of its ASGI scope',
    { endpoint: 'headers.scope' },
    {
      keys: [
        ...['type', 'asgi', 'http_version', 'server', 'client', 'scheme', 'method', 'root_path', 'path'],
        ...['raw_path', 'query_string', 'headers', 'state', 'app', 'router'],
      ],
      same: true,
    },
  ),
  seen('`state` keeps what is put there, for this request', { endpoint: 'headers.state' }, [false, 123, 123, 123]),
  seen('the next request has a state of its own', { endpoint: 'headers.empty_state' }, {}),
];
