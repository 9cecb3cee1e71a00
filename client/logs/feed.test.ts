import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Feed, type FeedClock, mostWaiting } from './feed.ts';

/** A clock that goes only when it is told to. */
class ManualClock implements FeedClock {
  #now = 0;
  #due: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const entry = { at: this.#now + ms, callback };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((each) => each !== entry);
    };
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#due.filter(({ at }) => at <= this.#now);
    this.#due = this.#due.filter(({ at }) => at > this.#now);
    for (const { callback } of due) callback();
  }
}

function setUp(): { clock: ManualClock; posted: number[][]; feed: Feed<number> } {
  const clock = new ManualClock();
  const posted: number[][] = [];
  return { clock, posted, feed: new Feed<number>((entries) => posted.push(entries), clock) };
}

test('a panel that keeps up gets everything in order, in at most 20 messages a second', () => {
  const { clock, posted, feed } = setUp();
  for (let ms = 0, next = 0; ms < 1000; ms++) {
    for (let count = 0; count < 5; count++) void feed.add(next++);
    const before = posted.length;
    clock.advance(1);
    if (posted.length > before) feed.acknowledge();
  }
  assert.ok(posted.length <= 20 && posted.length > 15, `${posted.length} messages`);
  clock.advance(50);
  assert.deepEqual(
    posted.flat(),
    Array.from({ length: 5000 }, (_, index) => index),
  );
});

test('nothing is posted before the last message is acknowledged, however long that takes', () => {
  const { clock, posted, feed } = setUp();
  void feed.add(1);
  clock.advance(0);
  void feed.add(2);
  void feed.add(3);
  clock.advance(60_000);
  assert.deepEqual(posted, [[1]]);
  feed.acknowledge();
  clock.advance(0);
  assert.deepEqual(posted, [[1], [2, 3]]);
});

test('who brings more than a slow panel takes waits, until it does or is gone', async () => {
  for (const release of [(feed: Feed<number>) => feed.acknowledge(), (feed: Feed<number>) => feed.dispose()]) {
    const { clock, feed } = setUp();
    void feed.add(0);
    clock.advance(0);
    let held = false;
    for (let count = 1; count < mostWaiting; count++) await feed.add(count);
    const last = feed.add(mostWaiting).then(() => (held = false));
    held = true;
    await Promise.resolve();
    assert.ok(held);
    clock.advance(1000);
    assert.ok(held);
    release(feed);
    clock.advance(0);
    await last;
    assert.ok(!held);
  }
});
