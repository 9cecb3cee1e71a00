import { createHash } from 'node:crypto';
import { type Behaviour, seen } from '../behaviour.ts';

const octets = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
const large = Buffer.alloc(3_000_000, octets);
const digest = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

export const bodies: Behaviour[] = [
  seen('body() gives every byte, and gives it again', { endpoint: 'bodies.whole', body: octets }, [256, digest(octets), true]),
  seen('a large body', { endpoint: 'bodies.whole', body: large }, [large.length, digest(large), true]),
  seen('a body in chunks', { endpoint: 'bodies.text', body: ['one ', 'two ', 'drei ü'] }, 'one two drei ü'),
  seen('no body', { endpoint: 'bodies.whole' }, [0, digest(Buffer.alloc(0)), true]),
  seen('stream() ends with an empty piece', { endpoint: 'bodies.streamed', body: 'abc' }, { body: 'abc', last: '' }),
  seen('after stream() there is no body() any more', { endpoint: 'bodies.stream_then_body', body: 'abc' }, ['abc', 'Stream consumed']),
  seen('after body() stream() gives it once more', { endpoint: 'bodies.body_then_stream', body: 'abc' }, ['abc', ['abc', '']]),
  seen('stream() works once', { endpoint: 'bodies.stream_twice', body: 'abc' }, 'Stream consumed'),
  seen(
    'json(), whatever the content type',
    { endpoint: 'bodies.parsed', body: '{"größe": [1, null]}', headers: ['Content-Type', 'text/plain'] },
    {
      json: { größe: [1, null] },
      same: true,
    },
  ),
  seen('json() of something else raises', { endpoint: 'bodies.unparsable', body: '{"a":' }, 'Expecting value'),
  seen('is_disconnected() of a client that is there', { endpoint: 'bodies.connected', body: 'abc' }, [false, false]),
  seen(
    'a request made of the scope alone has no body',
    { endpoint: 'bodies.without_receive', body: 'abc' },
    'Receive channel has not been made available',
  ),
  seen("receive() gives ASGI's message", { endpoint: 'bodies.received', body: 'abc' }, { type: 'http.request', body: 'abc', more: false }),
];
