import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorBody } from '../../api/errors.ts';
import type { SpellEvent } from '../../api/events.ts';
import { makeTestControl, type TestControl } from '../testing/test-control.ts';

/** Reads a stream of events until it has `count` of them, then hangs up. */
async function take(response: Response, count: number): Promise<{ ids: number[]; events: SpellEvent[] }> {
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while ((text.match(/^data: /gm) ?? []).length < count) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader.cancel();
  return {
    ids: [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id)),
    events: [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data) as SpellEvent),
  };
}

async function upload({ call, send }: TestControl, name: string): Promise<void> {
  await call('POST', '/resources/uploads', { name, files: await send({ a: name }) });
}

test('a reader that follows gets what happens from now on, once it has happened', async (t) => {
  const control = await makeTestControl(t);
  await upload(control, 'before');
  const reading = take(await control.stream('/events'), 2);
  await upload(control, 'one');
  await upload(control, 'two');
  const { ids, events } = await reading;
  assert.deepEqual(
    events.map(({ object }) => object),
    ['uploads/one', 'uploads/two'],
  );
  assert.deepEqual(
    ids,
    events.map(({ seq }) => seq),
  );
});

test('a reader that comes back misses nothing and reads nothing twice', async (t) => {
  const control = await makeTestControl(t);
  for (const name of ['a', 'b', 'c', 'd']) await upload(control, name);
  const first = await take(await control.stream('/events?since=0'), 3);
  await upload(control, 'e');
  const last = String(first.ids.at(-1));
  const all = await take(await control.stream('/events?since=0&follow=false'), 99);
  const rest = await take(await control.stream('/events?since=0&follow=false', { 'last-event-id': last }), 99);
  assert.deepEqual([...first.ids, ...rest.ids], all.ids);
  assert.deepEqual(
    all.ids,
    [...all.ids].sort((a, b) => a - b),
  );
  assert.equal(new Set(all.ids).size, all.ids.length);
});

test('a tail is the newest of those that would come, and no others are read', async (t) => {
  const control = await makeTestControl(t);
  for (const name of ['a', 'b', 'c', 'd']) await upload(control, name);
  const ids = async (query: string): Promise<number[]> => (await take(await control.stream(`/events?follow=false&${query}`), 99)).ids;
  const all = await ids('since=0');
  assert.deepEqual(await ids('tail=2'), all.slice(-2));
  assert.deepEqual(await ids('since=0&tail=99'), all);
  assert.deepEqual(await ids(`since=${all.at(-2)}&tail=3`), all.slice(-1));
});

test('numbers go on over restarts', async (t) => {
  const first = await makeTestControl(t);
  await upload(first, 'a');
  const before = first.control.events.last();
  await first.end();
  const second = await makeTestControl(t, { home: first.home });
  await upload(second, 'b');
  const { events } = await take(await second.stream(`/events?since=${before}&follow=false`), 99);
  assert.ok(events.some(({ object }) => object === 'uploads/b'));
  assert.ok(events.every(({ seq }) => seq > before));
});

test('a silent stream says that it is alive, and ends when the control plane does', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const control = await makeTestControl(t);
  const reader = ((await control.stream('/events')).body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, ': heartbeat\n\n', 'the head is sent at once');
  const next = reader.read();
  t.mock.timers.tick(15_000);
  assert.equal((await next).value, ': heartbeat\n\n');
  const end = reader.read();
  await control.end();
  assert.equal((await end).done, true);
});

test('so does a log that is followed: by empty lines', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { call, stream, code } = await makeTestControl(t);
  await call('POST', '/model-servers', { name: 'a', settings: {}, code: await code({ 'p.py': '1' }) });
  const { body } = await stream('/model-servers/local/a/logs?follow=true');
  const reader = (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, '\n');
  const next = reader.read();
  t.mock.timers.tick(15_000);
  assert.equal((await next).value, '\n');
  await reader.cancel();
});

test('only the newest ten thousand events are kept', async (t) => {
  const { control, store } = await makeTestControl(t);
  const event = { type: 'resource.created', object: 'uploads/a', message: 'm' } as const;
  store.change(() => {
    for (let i = 0; i < 12_000; i++) control.events.append(event);
  });
  const last = control.events.last();
  const [oldest] = store.events.after(0, 1);
  assert.ok(oldest && last - oldest.seq >= 10_000 - 1 && last - oldest.seq < 10_500, `${oldest?.seq} to ${last}`);
});

test('an event of something that failed is not there', async (t) => {
  const { control, store } = await makeTestControl(t);
  const before = control.events.last();
  assert.throws(() =>
    store.change(() => {
      control.events.append({ type: 'resource.created', object: 'uploads/a', message: 'm' });
      throw new Error('no');
    }),
  );
  assert.equal(control.events.last(), before);
});

test('what is no number is refused', async (t) => {
  const { call } = await makeTestControl(t);
  for (const path of ['/events?since=yesterday', '/events?since=-1', '/events?since=', '/events?since=1e3']) {
    const answer = await call<ErrorBody>('GET', path);
    assert.deepEqual([answer.status, answer.body.error.code], [400, 'bad-request'], path);
  }
});

test('the log of a model server is one JSON object a line', async (t) => {
  const { call, platform, code } = await makeTestControl(t);
  await call('POST', '/model-servers', { name: 'a', settings: {}, code: await code({ 'p.py': '1' }) });
  const line = { time: '2026-01-01T00:00:00Z', worker: 0, stream: 'stdout', level: null, requestId: null } as const;
  platform.lines = ['one', 'two', 'three'].map((text, index) => ({
    ...line,
    position: `2026-01-01T00:00:00.000Z-00000${index}`,
    pod: `p${index % 2}`,
    text,
  }));
  const texts = async (query: string): Promise<string[]> => {
    const { body } = await call<string>('GET', `/model-servers/local/a/logs${query}`);
    return body
      .split('\n')
      .filter(Boolean)
      .map((each) => (JSON.parse(each) as { text: string }).text);
  };
  assert.deepEqual(await texts(''), ['one', 'two', 'three']);
  assert.deepEqual(await texts('?tail=1'), ['three']);
  assert.deepEqual(await texts('?pod=p0'), ['one', 'three']);
  assert.deepEqual(await texts('?since=2026-01-01T00:00:00.000Z-000000'), ['two', 'three']);
  assert.deepEqual(await texts('?since=2026-01-01T01:00:00%2B01:00'), ['one', 'two', 'three'], 'a time stands before its lines');
  assert.deepEqual(await texts('?since=2026-01-01T00:00:01Z'), []);
  const refused = await call<ErrorBody>('GET', '/model-servers/local/a/logs?since=yesterday');
  assert.deepEqual([refused.status, refused.body.error.code], [400, 'bad-request']);
  assert.equal((await call('GET', '/model-servers/local/none/logs')).status, 404);
});
