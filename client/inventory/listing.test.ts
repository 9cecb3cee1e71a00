import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpellError } from '../../runtime/api/errors.ts';
import { Listing, type ListingChange } from './listing.ts';

interface Thing {
  name: string;
  detail?: number;
}

/** A list whose answers the test holds, and what was asked and told. */
function listing(answers: { list: () => Promise<Thing[]>; one?: (key: string) => Promise<Thing> }): {
  made: Listing<Thing>;
  asked: string[];
  told: ListingChange[];
} {
  const asked: string[] = [];
  const made = new Listing<Thing>({
    list: () => {
      asked.push('list');
      return answers.list();
    },
    one: (key) => {
      asked.push(key);
      return answers.one?.(key) ?? Promise.resolve({ name: key, detail: asked.length });
    },
    keyOf: ({ name }) => name,
  });
  const told: ListingChange[] = [];
  made.onDidChange((change) => told.push(change));
  return { made, asked, told };
}

const next = (made: Listing<Thing>): Promise<unknown> =>
  new Promise((resolve) => {
    const subscription = made.onDidChange((change) => {
      subscription.dispose();
      resolve(change);
    });
  });

test('nothing is asked for a list that nobody looked at', async () => {
  const { made, asked } = listing({ list: async () => [] });
  made.mark('a');
  made.dispose();
  assert.deepEqual([made.state, asked], ['unread', []]);
});

test('a burst of events about one thing is one question, and tells of that thing alone', async () => {
  const { made, asked, told } = listing({ list: async () => [{ name: 'b' }, { name: 'a10' }, { name: 'a9' }] });
  await made.read();
  assert.deepEqual(
    made.items.map(({ name }) => name),
    ['a9', 'a10', 'b'],
  );
  told.length = 0;
  const changed = next(made);
  for (let i = 0; i < 20; i++) made.mark('b');
  await changed;
  assert.deepEqual([asked, told], [['list', 'b'], [{ key: 'b' }]]);
});

test('what is new or gone changes the list; the last one that goes leaves it empty', async () => {
  let gone = false;
  const { made, told } = listing({
    list: async () => [],
    one: async (key) => (gone ? Promise.reject(new SpellError('not-found', 'gone')) : { name: key }),
  });
  await made.read();
  assert.equal(made.state, 'empty');
  told.length = 0;
  assert.deepEqual(await made.refresh('a'), { name: 'a' });
  assert.equal(made.state, 'filled');
  gone = true;
  assert.equal(await made.refresh('a'), undefined);
  assert.equal(made.state, 'empty');
  assert.deepEqual(told, [{ all: true }, { all: true }]);
});

test('an older answer never replaces a newer one', async () => {
  const slow = Promise.withResolvers<Thing[]>();
  const { made } = listing({ list: () => slow.promise, one: async (key) => ({ name: key, detail: 7 }) });
  const reading = made.read();
  const refreshed = made.refresh('a');
  slow.resolve([{ name: 'a' }]);
  await Promise.all([reading, refreshed]);
  assert.equal(made.get('a')?.detail, 7);
});

test('a list that cannot be read says why, and the next reading may go well', async () => {
  let works = false;
  const { made } = listing({ list: async () => (works ? [{ name: 'a' }] : Promise.reject(new SpellError('unreachable', 'no answer'))) });
  await made.read();
  assert.deepEqual([made.state, made.error?.code], ['failed', 'unreachable']);
  works = true;
  await made.read();
  assert.deepEqual([made.state, made.error], ['filled', undefined]);
});

test('who wants all in detail asks about each thing once, together with others, and about nothing that is known', async () => {
  const { made, asked } = listing({
    list: async () => [{ name: 'a' }, { name: 'b' }],
    one: async (name) =>
      name === 'b' && asked.length < 5 ? Promise.reject(new SpellError('unreachable', 'no answer')) : { name, detail: 1 },
  });
  const isDetailed = (thing: Thing): thing is Required<Thing> => thing.detail !== undefined;
  await made.read();
  const [first, second] = await Promise.all([made.detailed(isDetailed), made.detailed(isDetailed)]);
  assert.deepEqual([first, second, asked], [[{ name: 'a', detail: 1 }], first, ['list', 'a', 'b']]);
  await made.detailed(isDetailed);
  assert.deepEqual(asked, ['list', 'a', 'b', 'b']);
  assert.equal((await made.detailed(isDetailed)).length, 2);
});

test('one thing that can be read does not make a list of one that failed; what happens then leads to all of it', async () => {
  let works = false;
  const all = [{ name: 'a' }, { name: 'b' }];
  const { made, asked } = listing({ list: async () => (works ? all : Promise.reject(new SpellError('unreachable', 'no answer'))) });
  await made.read();
  assert.equal((await made.refresh('a'))?.name, 'a');
  assert.equal(made.state, 'failed');
  works = true;
  const filled = new Promise<void>((resolve) => made.onDidChange(() => made.state === 'filled' && resolve()));
  made.mark('a');
  await filled;
  assert.deepEqual([made.state, made.items.length, asked], ['filled', 2, ['list', 'a', 'list']]);
});

test('what somebody looks at while all is read in detail is asked about once', async () => {
  const names = Array.from({ length: 20 }, (_, at) => ({ name: `t${at}` }));
  const { made, asked } = listing({ list: async () => names });
  const isDetailed = (thing: Thing): thing is Required<Thing> => thing.detail !== undefined;
  await made.read();
  const all = made.detailed(isDetailed);
  const looked = await Promise.all([made.detail('t0', isDetailed), made.detail('t19', isDetailed)]);
  assert.deepEqual(
    looked.map((each) => each?.name),
    ['t0', 't19'],
  );
  assert.equal((await all).length, 20);
  assert.equal(asked.length, 21);
});

test('what may concern any of a list is one question about all of it, also beside what happened to one; nothing while it was not read', async () => {
  const { made, asked } = listing({ list: async () => [{ name: 'a' }] });
  made.markAll();
  assert.equal(made.state, 'unread');
  await made.read();
  const changed = next(made);
  made.mark('a');
  made.markAll();
  made.markAll();
  await changed;
  assert.deepEqual(asked, ['list', 'list']);
});
