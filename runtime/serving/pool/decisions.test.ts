import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '../testing/fake-clock.ts';
import { BackOff, healthyAfterMs } from './back-off.ts';
import { HealthRecord } from './health-record.ts';
import { firstHealthIntervalMs, HealthWatch, healthIntervalMs } from './health-watch.ts';

describe('BackOff', () => {
  it('replaces the first dead worker at once, and waits longer for each next one, up to 30 s', () => {
    const backOff = new BackOff();
    const delays = Array.from({ length: 10 }, () => backOff.next(100));
    assert.deepEqual(delays, [0, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('forgets what was, once a worker was ready for a while', () => {
    const backOff = new BackOff();
    for (let death = 0; death < 5; death++) backOff.next(0);
    assert.equal(backOff.next(healthyAfterMs), 0);
    assert.equal(backOff.deaths, 1);
  });
});

describe('HealthRecord', () => {
  it('needs one success first', () => {
    const record = new HealthRecord();
    record.note('bad');
    assert.equal(record.healthy, false);
    assert.equal(record.note(null), true);
    assert.ok(record.healthy && record.everHealthy);
  });

  it('takes three failures in a row to be unhealthy, and one success to be well again', () => {
    const record = new HealthRecord();
    record.note(null);
    record.note('a');
    record.note('b');
    record.note(null);
    record.note('c');
    record.note('d');
    assert.equal(record.healthy, true);
    assert.equal(record.note('e'), true);
    assert.equal(record.healthy, false);
    assert.equal(record.reason, 'e');
    assert.equal(record.note(null), true);
    assert.equal(record.healthy, true);
  });
});

describe('HealthWatch', () => {
  it('asks every second until the first success, then every five, one question at a time', async () => {
    const clock = new FakeClock();
    const asked: number[] = [];
    const answers: ((failure: string | null) => void)[] = [];
    const watch = new HealthWatch(
      clock,
      () =>
        new Promise((resolve) => {
          asked.push(clock.now());
          answers.push(resolve);
        }),
      () => {},
    );
    const answer = async (failure: string | null): Promise<void> => {
      answers.shift()?.(failure);
      await Promise.resolve();
      await Promise.resolve();
    };
    watch.start();
    watch.start();
    clock.advance(0);
    clock.advance(60_000);
    assert.deepEqual(asked, [0]);
    await answer('not yet');
    clock.advance(firstHealthIntervalMs);
    await answer(null);
    clock.advance(healthIntervalMs - 1);
    assert.equal(asked.length, 2);
    clock.advance(1);
    assert.equal(asked.length, 3);
    watch.stop();
    await answer(null);
    clock.advance(60_000);
    assert.equal(asked.length, 3);
  });
});
