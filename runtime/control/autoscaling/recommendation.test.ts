import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PodReading, type Reading, recommend, recommendLargest } from './recommendation.ts';

const unready = (value: number | null): PodReading => ({ standing: 'unready', value });
const ignored = (value: number | null): PodReading => ({ standing: 'ignored', value });

/** Pods of which the numbers are ready; what is measured is in the unit of `target`. */
function perPod(target: number, pods: (number | null | PodReading)[], assumed = target): Reading {
  const readings = pods.map((pod) => (pod === null || typeof pod === 'number' ? ({ standing: 'ready', value: pod } as const) : pod));
  return { kind: 'per-pod', target, assumed, pods: readings };
}

function shared(target: number, total: number | null): Reading {
  return { kind: 'shared', target, total };
}

/** CPU in thousandths of a request of 1000, which is what a pod that says nothing is taken for. */
const cpu = (target: number, pods: (number | null | PodReading)[]): Reading => perPod(target, pods, 1000);

/** The cases of Kubernetes' own `replica_calculator_test.go`, with their numbers. */
const cases: [name: string, current: number, reading: Reading, expected: number | null][] = [
  ['CPU above its target adds pods', 3, cpu(300, [300, 500, 700]), 5],
  ['a pod that is not ready lessens what is added', 3, cpu(300, [unready(300), 500, 700]), 4],
  ['a pod that has just started counts as one that is not ready', 3, cpu(300, [unready(null), 500, 700]), 4],
  ['two pods that are not ready are enough, nothing is added', 3, cpu(300, [400, unready(500), unready(700)]), 3],
  ['failed pods do not count', 2, cpu(300, [500, 700, ignored(null), ignored(null)]), 4],
  ['pods that end do not count', 2, cpu(300, [500, 700, ignored(500), ignored(700)]), 4],
  ['another metric of each pod adds pods', 3, perPod(15, [20, 10, 30]), 4],
  ['a shared metric adds pods', 3, shared(5, 20), 4],
  ['a shared external metric adds pods', 3, shared(2150, 8600), 4],
  ['CPU below its target removes pods', 5, cpu(500, [100, 300, 500, 250, 250]), 3],
  ['another metric of each pod removes pods', 5, perPod(20, [12, 12, 12, 12, 12]), 3],
  ['a shared metric removes pods', 5, shared(2, 6), 3],
  ['a shared external metric removes pods', 5, shared(2867, 8600), 3],
  ['pods that are not ready are left out when pods are removed', 5, cpu(500, [100, 300, 500, unready(250), unready(250)]), 2],
  ['pods that wait to be placed are left out when pods are removed', 5, cpu(500, [100, ...Array(4).fill(unready(null))]), 1],
  ['failed pods do not count when pods are removed', 5, cpu(500, [100, 300, 500, 250, 250, ignored(null), ignored(null)]), 3],
  ['a pod that ends does not count when pods are removed', 5, cpu(500, [100, 300, 500, 250, 250, ignored(0), ignored(0)]), 3],
  ['CPU within a tenth of its target changes nothing', 3, cpu(1000, [1122, 1030, 927]), 3],
  ['another metric within a tenth of its target changes nothing', 3, perPod(20, [20, 21, 21]), 3],
  ['a shared metric within a tenth of its target changes nothing', 4, shared(5000, 20166), 4],
  ['a shared external metric within a tenth changes nothing', 3, shared(2900, 8600), 3],
  ['pods without a value count as busy when pods are removed', 4, cpu(1000, [400, 95, null, null]), 3],
  ['nothing is said where nothing was measured', 4, cpu(1000, [null, null, null, null]), null],
  ['at the target, pods without a value change nothing', 2, cpu(1000, [1000, null]), 2],
  ['above it, they count as idle, and nothing is added', 2, cpu(1000, [1900, null]), 2],
  ['below it, they count as busy, and nothing is removed', 2, cpu(1000, [600, null]), 2],
  ['one not ready and one without a value change nothing', 3, cpu(500, [unready(100), 450, null]), 3],
  ['one not ready and one without a value lessen what is added', 3, cpu(500, [unready(100), 2000, null]), 4],
  ['one not ready is left out, and one without a value counts as busy', 4, cpu(500, [unready(100), 100, 100, null]), 3],
  ['in a rollout with a pod more than wanted, one without a value keeps the number', 2, cpu(500, [100, 100, null]), 2],
  ['no pod is measured: nothing is said', 3, perPod(10, []), null],
  ['a shared metric that was not measured says nothing', 3, shared(10, null), null],
  ["no requests at all ask for no pod; the smallest number is somebody else's", 3, shared(10, 0), 0],
  ['a hundred times the target asks for all of it', 1, shared(1, 100), 100],
];

for (const [name, current, reading, expected] of cases) {
  test(name, () => assert.equal(recommend(reading, current), expected));
}

test('of several metrics the one that asks for most applies', () => {
  assert.equal(recommendLargest([shared(10, 50), cpu(500, [500, 500])], 2), 5);
});

test('while one of several metrics is missing, pods are added but never removed', () => {
  assert.equal(recommendLargest([shared(10, 5), shared(10, null)], 3), 3);
  assert.equal(recommendLargest([shared(10, 50), shared(10, null)], 3), 5);
});

test('without any metric nothing is said', () => assert.equal(recommendLargest([shared(10, null)], 3), null));
