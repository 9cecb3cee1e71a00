import assert from 'node:assert/strict';
import { type Answer, valuesOf } from '../ask.ts';
import { answered, type Behaviour } from '../behaviour.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz';
const ranged = (
  range: string,
  says: string,
  status: number,
  text: string,
  headers: Record<string, string | string[]>,
  more: string[] = [],
): Behaviour => answered(says, { endpoint: 'files.letters', headers: ['Range', range, ...more] }, status, text, headers);

/** The boundary is made anew each time. What follows the last part is not looked at: the Starlette that we ship miscounts it. */
function inParts(answer: Answer): void {
  const boundary = /^--([0-9a-f]+)\r?\n/.exec(answer.body.toString())?.[1];
  assert.ok(boundary);
  const text = answer.body.toString().replaceAll(boundary, 'B').replaceAll('\r\n', '\n');
  assert.equal(answer.status, 206);
  assert.match(text, /Content-Range: bytes 0-2\/26\n\nabc\n--B\n.*Content-Range: bytes 24-25\/26\n\nyz\n/s);
}

export const files: Behaviour[] = [
  {
    says: 'FileResponse: content, length, type by its name, time, ETag, that it has ranges',
    asked: { endpoint: 'files.letters' },
    expect: (answer) => {
      assert.deepEqual([answer.status, answer.body.toString()], [200, alphabet]);
      const told = (name: string): string => valuesOf(answer, name).join();
      assert.deepEqual([told('content-length'), told('accept-ranges')], ['26', 'bytes']);
      assert.deepEqual([told('content-type'), told('last-modified')], ['text/plain; charset=utf-8', 'Tue, 14 Nov 2023 22:13:20 GMT']);
      assert.match(told('etag'), /^"[0-9a-f]{32}"$/);
    },
  },
  answered('a name to be kept under, also one that is not ASCII', { endpoint: 'files.named' }, 201, alphabet, {
    'content-disposition': "attachment; filename*=utf-8''caf%C3%A9%201.txt",
    'x-kind': 'letters',
  }),
  answered('shown rather than kept, with a type of its own', { endpoint: 'files.inline' }, 200, alphabet, {
    'content-disposition': 'inline; filename="letters.txt"',
    'content-type': 'text/x-own; charset=utf-8',
  }),
  ranged('bytes=0-4', 'a range', 206, 'abcde', { 'content-range': 'bytes 0-4/26', 'content-length': '5' }),
  ranged('bytes=20-', 'a range to the end', 206, 'uvwxyz', { 'content-range': 'bytes 20-25/26' }),
  ranged('bytes=-3', 'the last bytes', 206, 'xyz', { 'content-range': 'bytes 23-25/26' }),
  ranged('bytes=0-3,2-6', 'ranges that overlap are one', 206, 'abcdefg', { 'content-range': 'bytes 0-6/26' }),
  ranged('bytes=100-200', 'a range beyond the file', 416, '', { 'content-range': '*/26' }),
  ranged('letters=0-4', 'a unit that is not known', 400, 'Only support bytes range', {}),
  ranged('bytes=0-4', 'a range of a file that has changed since is the whole file', 200, alphabet, { 'content-length': '26' }, [
    'If-Range',
    '"other"',
  ]),
  {
    says: 'several ranges',
    asked: { endpoint: 'files.letters', headers: ['Range', 'bytes=0-2, 24-25'] },
    expect: inParts,
    ownBody: true,
  },
];
