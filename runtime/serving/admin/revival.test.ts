import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '../testing/fake-clock.ts';
import { firstWatchMs, Revival } from './revival.ts';

describe('Revival', () => {
  const setUp = () => {
    const clock = new FakeClock();
    const starts: number[] = [];
    return { clock, starts, revival: new Revival(clock, () => starts.push(clock.now())) };
  };

  it('starts a control plane at once when the last one vanished, and again after growing waits', () => {
    const { clock, starts, revival } = setUp();
    revival.watched();
    clock.advance(1000);
    revival.vanished();
    clock.advance(70_000);
    assert.deepEqual(starts, [1000, 2000, 4000, 8000, 16_000, 32_000, 62_000]);
  });

  it('is content as soon as one watches, and begins anew when that one vanishes', () => {
    const { clock, starts, revival } = setUp();
    revival.watched();
    revival.vanished();
    clock.advance(100);
    revival.watched();
    clock.advance(100_000);
    assert.equal(starts.length, 1);
    revival.vanished();
    assert.equal(starts.length, 2);
  });

  it('lets one go that said so, until another one has come', () => {
    const { clock, starts, revival } = setUp();
    revival.watched();
    revival.dismiss();
    revival.vanished();
    clock.advance(100_000);
    assert.deepEqual(starts, []);
    revival.watched();
    revival.vanished();
    assert.equal(starts.length, 1);
  });

  it('does not wait for ever for the one that started the gateway', () => {
    const { clock, starts } = setUp();
    clock.advance(firstWatchMs);
    assert.equal(starts.length, 1);
  });
});
