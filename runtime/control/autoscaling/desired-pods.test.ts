import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomBelow } from '../../api/testing/random.ts';
import { type Behavior, type History, limit, localBehavior, stabilize } from './behavior.ts';
import { desiredPods } from './desired-pods.ts';

const minute = 60_000;
const now = 100 * minute;
const nothing: History = { recommendations: [], changes: [] };
const percent = (value: number, periodMs = minute): Behavior['up'] => ({
  stabilizationMs: 0,
  policies: [{ kind: 'percent', value, periodMs }],
});
const pods = (value: number, periodMs = minute): Behavior['up'] => ({ stabilizationMs: 0, policies: [{ kind: 'pods', value, periodMs }] });
const both = (rules: Behavior['up']): Behavior => ({ up: rules, down: rules });
const changed = (...changes: [agoMs: number, by: number][]): History => ({
  recommendations: [],
  changes: changes.map(([agoMs, by]) => ({ at: now - agoMs, by })),
});

/** From Kubernetes' `horizontal_test.go` and the examples of its documentation ("Configurable scaling behavior"). */
const limits: [name: string, wanted: number, current: number, history: History, behavior: Behavior, expected: number][] = [
  ['up by at most 200 % a minute', 20, 5, nothing, both(percent(200)), 15],
  ['down by at most 50 % a minute', 2, 8, nothing, both(percent(50)), 4],
  ['what is within the limits is left alone', 8, 5, nothing, both(percent(200)), 8],
  ['100 % down allows everything', 0, 5, nothing, both(percent(100)), 0],
  ['what was added in the period counts', 20, 9, changed([30_000, 4]), both(pods(6)), 11],
  ['what was added before the period does not', 20, 9, changed([61_000, 4]), both(pods(6)), 15],
  ['a limit that is used up adds nothing, and removes nothing', 20, 9, changed([30_000, 8]), both(pods(6)), 9],
  ['what was removed in the period counts', 1, 6, changed([30_000, -3]), both(pods(4)), 5],
  ['percent are of the number at the beginning of the period', 100, 15, changed([30_000, 5]), both(percent(100)), 20],
  ['a percentage is rounded up, so that one pod can become two', 9, 1, nothing, both(percent(10)), 2],
  ['on the way down it is rounded down, so that one pod can go', 0, 1, nothing, both(percent(10)), 0],
  ['four pods or twice as many, whichever is more: from one to five', 40, 1, nothing, localBehavior, 5],
  ['four pods or twice as many, whichever is more: from ten to twenty', 40, 10, nothing, localBehavior, 20],
];
for (const [name, wanted, current, history, behavior, expected] of limits) {
  test(name, () => assert.equal(limit(wanted, current, history, behavior, now), expected));
}

const patient: Behavior = {
  up: { stabilizationMs: 5 * minute, policies: [] },
  down: { stabilizationMs: 10 * minute, policies: [] },
};
const recommended = (...seen: [agoMinutes: number, pods: number][]): History => ({
  changes: [],
  recommendations: seen.map(([ago, count]) => ({ at: now - ago * minute, pods: count })),
});

test('on the way up the lowest of the recent recommendations applies', () => {
  assert.equal(stabilize(10, 5, recommended([2, 8], [4, 7]), patient, now), 7);
});
test('on the way down the highest of the recent recommendations applies', () => {
  assert.equal(stabilize(3, 8, recommended([5, 5], [8, 4]), patient, now), 5);
});
test('recommendations older than the window are forgotten', () => {
  assert.equal(stabilize(3, 8, recommended([11, 8], [5, 4]), patient, now), 4);
});

/** Plays a series of total requests/s, one each two seconds, and returns the number of pods after each. */
function play(series: readonly number[], { target = 50, min = 1, max = 5 } = {}): number[] {
  let current = min;
  let history: History = { recommendations: [{ at: 0, pods: min }], changes: [] };
  return series.map((total, index) => {
    const readings = [{ kind: 'shared', target, total } as const];
    const decision = desiredPods({ current, min, max, readings, history, behavior: localBehavior, now: (index + 1) * 2000 });
    history = decision.history;
    current = decision.pods;
    return current;
  });
}

test('20 → 200 → 20 requests/s against 50 for each pod: four pods at once, and one again after the patience', () => {
  const steps = play([...Array(10).fill(20), ...Array(10).fill(200), ...Array(10).fill(20)]);
  assert.deepEqual(steps, [...Array(10).fill(1), ...Array(10).fill(4), 4, 4, ...Array(8).fill(1)]);
});

test('chance arrivals around 200 requests/s never move the number', () => {
  const below = randomBelow(7);
  const steps = play(Array.from({ length: 60 }, () => 182 + below(36)));
  assert.deepEqual(new Set(steps), new Set([4]));
});

test('one quiet moment takes no pod away', () => {
  assert.deepEqual(play([200, 200, 0, 0, 200, 200, 200, 200]), Array(8).fill(4));
});

test('whatever the metrics say, the number stays within its bounds, and moves only towards what was recommended', () => {
  const below = randomBelow(1);
  for (let run = 0; run < 2000; run++) {
    const min = 1 + below(5);
    const max = min + below(9);
    const target = 1 + below(51);
    const series = Array.from({ length: 12 }, () => below(601));
    let before = min;
    for (const [index, after] of play(series, { target, min, max }).entries()) {
      const total = series[index] ?? 0;
      assert.ok(after >= min && after <= max, `${after} pods between ${min} and ${max}`);
      if (after > before) assert.ok(total > target * before * 1.1, `${before} → ${after} with ${total} for a target of ${target}`);
      if (after < before) assert.ok(total < target * before * 0.9, `${before} → ${after} with ${total} for a target of ${target}`);
      before = after;
    }
  }
});

test('a number outside of changed bounds comes back at once, whatever the metrics say', () => {
  const asked = { readings: [], history: nothing, behavior: localBehavior, now };
  assert.equal(desiredPods({ ...asked, current: 7, min: 1, max: 3 }).pods, 3);
  assert.equal(desiredPods({ ...asked, current: 1, min: 2, max: 3 }).pods, 2);
});

test('without a metric the number stays', () => {
  const readings = [{ kind: 'shared', target: 10, total: null } as const];
  assert.equal(desiredPods({ current: 3, min: 1, max: 5, readings, history: nothing, behavior: localBehavior, now }).pods, 3);
});
