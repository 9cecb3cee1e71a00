import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '../../harness/eventually.ts';
import { ask, valuesOf } from './ask.ts';
import { jsonOf } from './behaviour.ts';
import type { Places, Way } from './places.ts';

/** Where we answer in another way than Starlette, for the reasons in `docs/predictors.md`. */
export const differences: [says: string, run: (places: Places, way: Way) => Promise<void>][] = [
  ...['errors.unexpected', 'errors.json_error', 'files.missing'].map((endpoint): [string, (places: Places, way: Way) => Promise<void>] => [
    `${endpoint}: 500 as well, but with our error body`,
    async (places, way) => {
      assert.equal((await ask(places.starlette(way), { endpoint })).status, 500);
      const answer = await ask(places.ours(way), { endpoint });
      const { error } = jsonOf(answer) as { error: { code: string; message: string; request_id: string } };
      assert.deepEqual([answer.status, error.code], [500, 'predictor-error']);
      assert.deepEqual([error.request_id], valuesOf(answer, 'x-request-id'));
      assert.ok(!error.message.includes('secret'));
    },
  ]),
  [
    'a stream that raises before its first piece: 500',
    async (places, way) => {
      const asked = { endpoint: 'streaming.breaks_at_once' };
      assert.equal((await ask(places.starlette(way), asked)).status, 200);
      assert.equal((await ask(places.ours(way), asked)).status, 500);
    },
  ],
  [
    'a detail that is no text: JSON',
    async (places, way) => {
      const answer = await ask(places.ours(way), { endpoint: 'errors.no_text' });
      assert.deepEqual([answer.status, jsonOf(answer)], [400, { detail: { why: 'no cat' } }]);
    },
  ],
  [
    'a whole response has its right length, and the id of its request',
    async (places, way) => {
      const answer = await ask(places.ours(way), { endpoint: 'responses.wrong_length', headers: ['X-Request-Id', 'own'] });
      assert.deepEqual([answer.body.toString(), answer.whole], ['hello', true]);
      assert.deepEqual([valuesOf(answer, 'content-length'), valuesOf(answer, 'x-request-id')], [['5'], ['own']]);
    },
  ],
  [
    'a request named by its client keeps that name in the answer',
    async (places, way) => {
      const headers = ['X-Request-Id', `mine-${way}`];
      assert.deepEqual(valuesOf(await ask(places.ours(way), { endpoint: 'responses.empty', headers }), 'x-request-id'), [`mine-${way}`]);
    },
  ],
];

/** What `prepare` adds to Starlette. */
export const prepared: [says: string, run: (places: Places) => Promise<void>][] = [
  [
    'background tasks of an async prepare run after the answer',
    async (places) => {
      const name = randomUUID();
      const headers = ['Content-Type', 'application/x-www-form-urlencoded', 'X-Gate', name];
      assert.deepEqual(jsonOf(await ask(places.ours('batched'), { endpoint: 'forms.fields', body: 'a=b', headers })), { a: 'b' });
      await eventually(async () => {
        const taken = jsonOf(await ask(places.ours('batched'), { endpoint: 'background.taken' })) as [string, string][];
        assert.deepEqual(taken, [[name, 'prepared']]);
      }, 5000);
    },
  ],
  [
    'an upload that is kept on the disk cannot join a batch: the error names the type',
    async (places) => {
      const content = 'x'.repeat(1_100_000);
      const body = `--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n${content}\r\n--b--\r\n`;
      const asked = { endpoint: 'forms.kept', body, headers: ['Content-Type', 'multipart/form-data; boundary=b'] };
      const answer = await ask(places.ours('batched'), asked);
      const { error } = jsonOf(answer) as { error: { code: string; message: string } };
      assert.deepEqual([answer.status, error.code], [500, 'bad-result']);
      assert.match(error.message, /must be picklable, and a value of type \S+ is not/);
    },
  ],
  [
    'an error response of prepare goes to its client, with its headers',
    async (places) => {
      const answer = await ask(places.ours('batched'), { endpoint: 'responses.unusual' });
      assert.deepEqual([answer.status, answer.body.toString()], [418, 'short and stout']);
    },
  ],
];
