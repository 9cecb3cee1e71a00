import assert from 'node:assert/strict';
import { answered, type Behaviour } from '../behaviour.ts';

const chunked = { 'transfer-encoding': 'chunked', 'content-length': [] };
const streams = (
  name: string,
  says: string,
  status: number,
  text: string,
  headers: Record<string, string | string[]> = chunked,
): Behaviour => answered(says, { endpoint: `streaming.${name}` }, status, text, headers);

/** The head and what had come stand; the connection breaks, so that nobody takes it for the whole answer. */
function breaksOff(name: string, says: string, text: string): Behaviour {
  return {
    says,
    asked: { endpoint: `streaming.${name}` },
    expect: (answer) => assert.deepEqual([answer.status, answer.body.toString(), answer.whole], [200, text, false]),
  };
}

export const streaming: Behaviour[] = [
  streams('numbers', 'an async generator, with status, headers and media type', 201, '1, 2, 3, 4, 5', {
    ...chunked,
    'x-more': '1',
    'content-type': 'text/plain; charset=utf-8',
  }),
  streams('plain_iterator', 'a plain generator', 200, '0123456789', { ...chunked, 'content-type': 'text/html; charset=utf-8' }),
  streams('listed', 'a list of text, bytes and memoryviews', 200, 'abc'),
  streams('own_iterable', 'an async iterable of one’s own', 200, '123'),
  streams('file_like', 'an open file', 200, 'line 1\nline 2\n'.repeat(20), { ...chunked, 'content-type': 'application/x-log' }),
  streams('nothing', 'a stream of nothing', 200, '', {}),
  {
    says: 'a stream of megabytes, in order',
    asked: { endpoint: 'streaming.large' },
    expect: ({ body }) => {
      assert.equal(body.length, 60 * 50_000);
      assert.ok(Array.from({ length: 60 }, (_, at) => body[at * 50_000 + 49_999] === at).every(Boolean));
    },
  },
  streams('known_size', 'a stream of a known size is not chunked', 200, '1234567890', { 'content-length': '10', 'transfer-encoding': [] }),
  streams('asks_for_client', 'a stream may ask whether its client is there', 200, '012'),
  breaksOff('breaks', 'a stream that raises', 'first'),
  breaksOff('too_short', 'a stream that is shorter than it said', '12341234'),
  breaksOff('too_long', 'a stream that is longer than it said', '123456'),
];
