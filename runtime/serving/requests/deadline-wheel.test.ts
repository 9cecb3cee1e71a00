import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '../testing/fake-clock.ts';
import { DeadlineWheel, tickMs } from './deadline-wheel.ts';
import { Slot } from './slot.ts';

describe('DeadlineWheel', () => {
  const setUp = (onExpired: (slot: Slot) => void = () => {}) => {
    const clock = new FakeClock();
    const expired: { index: number; at: number }[] = [];
    const wheel = new DeadlineWheel(clock, (slot) => {
      expired.push({ index: slot.index, at: clock.now() });
      onExpired(slot);
    });
    return { clock, wheel, expired };
  };

  it('calls each slot once, never before its time and at most a tick and a bit after it', () => {
    const { clock, wheel, expired } = setUp();
    const times = [1, 4, 5, 99, 100, 1000, 16_384, 16_385, 40_000, 70_001];
    times.forEach((at, index) => {
      wheel.arm(new Slot(index), at);
    });
    clock.advance(100_000);
    assert.deepEqual(
      expired.map(({ index }) => index).sort((a, b) => a - b),
      times.map((_, index) => index),
    );
    for (const { index, at } of expired) {
      const due = times[index] as number;
      assert.ok(at >= due && at < due + 2 * tickMs, `due ${due}, called ${at}`);
    }
  });

  it('ticks only while something is armed', () => {
    const { clock, wheel } = setUp();
    assert.equal(clock.armed, 0);
    const slot = new Slot(0);
    wheel.arm(slot, 1000);
    assert.equal(clock.armed, 1);
    wheel.disarm(slot);
    clock.advance(tickMs);
    assert.equal(clock.armed, 0);
  });

  it('leaves a slot alone that another expired slot disarmed in the same tick', () => {
    const [first, second] = [new Slot(0), new Slot(1)];
    const { clock, wheel, expired } = setUp((slot) => wheel.disarm(slot === first ? second : first));
    wheel.arm(first, 8);
    wheel.arm(second, 8);
    clock.advance(100);
    assert.equal(expired.length, 1);
    assert.equal(wheel.armed, 0);
  });

  it('finds everything after a pause longer than its whole round', () => {
    const { clock, wheel, expired } = setUp();
    wheel.arm(new Slot(0), 10);
    wheel.arm(new Slot(1), 30_000);
    clock.jump(60_000);
    clock.advance(tickMs);
    assert.equal(expired.length, 2);
  });

  it('lets an expired slot be armed again for later', () => {
    let again = true;
    const { clock, wheel, expired } = setUp((slot) => {
      if (again) wheel.arm(slot, 500);
      again = false;
    });
    wheel.arm(new Slot(0), 100);
    clock.advance(1000);
    assert.equal(expired.length, 2);
    assert.ok((expired[1]?.at ?? 0) >= 500);
  });
});
