import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateBetween } from './rate.ts';
import { watchRates } from './watch-rates.ts';

test('a rate is what came between two counts, and none where the counter began anew', () => {
  assert.equal(rateBetween(undefined, { at: 5000, requests: 9 }), null);
  assert.equal(rateBetween({ at: 1000, requests: 10 }, { at: 6000, requests: 72 }), 12.4);
  assert.equal(rateBetween({ at: 1000, requests: 10 }, { at: 6000, requests: 3 }), null);
  assert.equal(rateBetween({ at: 1000, requests: 10 }, { at: 1000, requests: 30 }), null);
});

test('what is looked at is counted each five seconds, told as it changes, and left alone when nobody looks', async ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let [at, requests] = [0, 100];
  let shown: string[] = [];
  const asked: string[] = [];
  const told: object[] = [];
  const watch = watchRates({
    shown: () => shown,
    attended: () => true,
    arrived: async (key) => {
      asked.push(key);
      return key === 'local/gone' ? Promise.reject(new Error('not running')) : requests;
    },
    tell: (rates) => told.push(rates),
    now: () => at,
  });
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const after = async (more: number): Promise<void> => {
    at += 5000;
    requests += more;
    mock.timers.tick(5000);
    await settle();
  };
  watch.look();
  await after(7);
  assert.deepEqual(asked, [], 'nobody looks');
  shown = ['local/digits', 'local/gone'];
  watch.look();
  watch.look();
  await settle();
  assert.deepEqual(asked, ['local/digits', 'local/gone'], 'looked at twice, asked once');
  assert.deepEqual(told, []);
  await after(62);
  await after(62);
  await after(750);
  assert.deepEqual(told, [{ 'local/digits': 12 }, { 'local/digits': 150 }], 'the same rate is not told again');
  shown = [];
  await after(750);
  assert.deepEqual(told.at(-1), {}, 'what nobody looks at has no rate');
  const before = asked.length;
  await after(750);
  assert.equal(asked.length, before);
  watch.dispose();
});

test('a window that was left alone asks as long as requests come, then no more until somebody is back', async ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let [at, requests, asked, attended] = [0, 100, 0, true];
  const told: object[] = [];
  const watch = watchRates({
    shown: () => ['local/digits'],
    attended: () => attended,
    arrived: async () => {
      asked++;
      return requests;
    },
    tell: (rates) => told.push(rates),
    now: () => at,
  });
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const after = async (more: number): Promise<void> => {
    at += 5000;
    requests += more;
    mock.timers.tick(5000);
    await settle();
  };
  watch.look();
  await settle();
  await after(0);
  assert.equal(asked, 2, 'somebody is there');
  attended = false;
  await after(50);
  await after(50);
  await after(0);
  assert.deepEqual(told, [{ 'local/digits': 0 }, { 'local/digits': 10 }, { 'local/digits': 0 }]);
  const before = asked;
  await after(0);
  await after(50);
  assert.equal(asked, before, 'nobody is there, and nothing came');
  attended = true;
  watch.look();
  await settle();
  assert.equal(asked, before + 1);
  watch.dispose();
});
