import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { eventually } from '../../../harness/eventually.ts';
import { RawConnection } from '../../../harness/raw-http.ts';
import { type Asked, ask, begin, valuesOf } from '../ask.ts';
import { jsonOf } from '../behaviour.ts';

/** What takes more than one request to see. It holds for Starlette first, then for us; `place` is either's address. */
export interface Conversation {
  says: string;
  run(place: string): Promise<void>;
}

/** What the tasks of one request have noted so far. */
async function notesOf(place: string, request: readonly string[]): Promise<string[]> {
  const all = jsonOf(await ask(place, { endpoint: 'background.taken' })) as [request: string, note: string][];
  return all.filter(([name]) => name === request[1]).map(([, note]) => note);
}

/** A name of its own for a request, by which it finds its gate and its notes again. */
const named = (): string[] => ['X-Gate', randomUUID()];

async function answersAtOnce(place: string, asked: Asked, status: number = 200): Promise<void> {
  const answer = await ask(place, asked);
  assert.deepEqual([answer.status, jsonOf(answer)], [status, 'answered']);
}

/** Waits until the tasks of a request have noted this. */
const notes = (place: string, request: readonly string[], expected: string[]): Promise<void> =>
  eventually(async () => assert.deepEqual(await notesOf(place, request), expected), 5000);

export const background: Conversation[] = [
  {
    says: "a response's task runs, with its arguments",
    run: async (place) => {
      const headers = named();
      await answersAtOnce(place, { endpoint: 'background.one', headers });
      await notes(place, headers, ['plain', 'plain']);
    },
  },
  {
    says: 'tasks run after the answer, in their order, plain and async ones, and hold up no other request',
    run: async (place) => {
      const headers = named();
      await answersAtOnce(place, { endpoint: 'background.in_order', headers }, 202);
      assert.deepEqual(await notesOf(place, headers), []);
      await ask(place, { endpoint: 'background.open_gate', headers });
      await notes(place, headers, ['1', '2', '3']);
    },
  },
  {
    says: 'a task that raises ends the tasks after it, and nothing else',
    run: async (place) => {
      const headers = named();
      await answersAtOnce(place, { endpoint: 'background.failing', headers });
      await notes(place, headers, ['before the failure']);
      await answersAtOnce(place, { endpoint: 'background.one', headers });
      await notes(place, headers, ['before the failure', 'plain', 'plain']);
    },
  },
  {
    says: "a stream's task runs after its last piece",
    run: async (place) => {
      const headers = named();
      assert.equal((await ask(place, { endpoint: 'background.after_stream', headers })).body.toString(), 'ab');
      await notes(place, headers, ['streamed', 'after the stream']);
    },
  },
  {
    says: 'a task finds its client disconnected',
    run: async (place) => {
      const headers = named();
      await answersAtOnce(place, { endpoint: 'background.sees_client_gone', headers });
      await notes(place, headers, ['disconnected: True']);
    },
  },
];

export const streamsOverTime: Conversation[] = [
  {
    says: 'a piece is with the client before the next one is made',
    run: async (place) => {
      const headers = ['X-Gate', randomUUID()];
      const answer = await begin(place, { endpoint: 'streaming.gated', headers });
      const pieces = answer[Symbol.asyncIterator]();
      assert.equal(String((await pieces.next()).value), 'first ');
      assert.equal(answer.headers['content-type'], 'text/event-stream; charset=utf-8');
      await ask(place, { endpoint: 'streaming.open_gate', headers });
      assert.equal(String((await pieces.next()).value), 'second');
      assert.equal((await pieces.next()).done, true);
    },
  },
  {
    says: 'a stream whose client goes is closed',
    run: async (place) => {
      const headers = ['X-Gate', randomUUID()];
      const answer = await begin(place, { endpoint: 'streaming.endless', headers });
      await once(answer, 'data');
      answer.on('error', () => {});
      answer.destroy();
      await eventually(async () => {
        assert.notEqual(jsonOf(await ask(place, { endpoint: 'streaming.how_it_ended', headers })), 'running');
      }, 5000);
    },
  },
];

/** What only bytes can say. */
export const onTheWire: Conversation[] = [
  {
    says: 'HTTP/1.0 without a Host: the URL is that of the socket',
    run: async (place) => {
      const connection = await RawConnection.open(place);
      connection.say(`POST ${new URL(place).pathname}/predict HTTP/1.0\r\nX-Endpoint: urls.own_socket\r\nContent-Length: 0\r\n\r\n`);
      assert.equal((await connection.answer())?.body, '[true,"127.0.0.1"]');
      connection.close();
    },
  },
  {
    says: 'a response that says so closes its connection',
    run: async (place) => {
      const connection = await RawConnection.open(place);
      const head = `POST ${new URL(place).pathname}/predict HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nX-Endpoint: responses`;
      connection.say(`${head}.empty\r\n\r\n`);
      assert.equal((await connection.answer())?.status, 200);
      connection.say(`${head}.closing\r\n\r\n`);
      const closing = await connection.answer();
      assert.deepEqual([closing?.headers.connection, closing?.body, await connection.end()], ['close', 'bye', '']);
    },
  },
];

/** Of a `health` that answers with a response, as Starlette answers GET and HEAD. */
export const health: Conversation[] = [
  {
    says: 'GET of a file',
    run: async (place) => {
      const answer = await ask(place, { endpoint: 'files.letters', verb: 'health' });
      assert.deepEqual([answer.status, answer.body.toString()], [200, 'abcdefghijklmnopqrstuvwxyz']);
    },
  },
  {
    says: 'HEAD has the length of what GET would bring, and no body',
    run: async (place) => {
      for (const [endpoint, length] of [
        ['files.letters', '26'],
        ['responses.text', '7'],
      ] as const) {
        const answer = await ask(place, { endpoint, verb: 'health', method: 'HEAD' });
        assert.deepEqual([valuesOf(answer, 'content-length'), answer.body.length, answer.whole], [[length], 0, true]);
      }
    },
  },
];
