/**
 * How a pod counts: `ready` fully; `unready` (on its way, or too young for what was measured to mean anything) only
 * against adding more; `ignored` (ending, failed) not at all.
 */
export type Standing = 'ready' | 'unready' | 'ignored';

/** One pod as a metric sees it. A `value` of null was not measured. */
export interface PodReading {
  standing: Standing;
  value: number | null;
}

/**
 * What one metric says, in any unit. `per-pod`: measured of each pod, to be `target` on average (Kubernetes: `Resource`
 * and `Pods`); `assumed` is what a pod without a value counts as before pods are taken away. `shared`: one number for
 * all pods together, of which each is to carry `target` (Kubernetes: `Object` and `External` with an `AverageValue`);
 * null when it was not measured.
 */
export type Reading =
  | { kind: 'per-pod'; target: number; assumed: number; pods: readonly PodReading[] }
  | { kind: 'shared'; target: number; total: number | null };

/** A change of less than this fraction is none (Kubernetes: `--horizontal-pod-autoscaler-tolerance`). */
export const tolerance = 0.1;

/**
 * How many pods one metric asks for; null when it says nothing. The arithmetic is that of the Kubernetes autoscaler
 * (`pkg/controller/podautoscaler/replica_calculator.go`; documentation: "Algorithm details"). Pure.
 */
export function recommend(reading: Reading, current: number): number | null {
  return reading.kind === 'shared' ? recommendShared(reading, current) : recommendPerPod(reading, current);
}

/**
 * How many pods several metrics ask for: the largest that one of them does, but never fewer than now while one of them
 * is missing. Null when none of them says anything.
 */
export function recommendLargest(readings: readonly Reading[], current: number): number | null {
  const proposals = readings.map((reading) => recommend(reading, current));
  const known = proposals.filter((proposal) => proposal !== null);
  if (known.length === 0) return null;
  const largest = Math.max(...known);
  return known.length < proposals.length ? Math.max(largest, current) : largest;
}

function recommendShared({ target, total }: Extract<Reading, { kind: 'shared' }>, current: number): number | null {
  if (total === null) return null;
  return isWithinTolerance(total / (target * current)) ? current : Math.ceil(total / target);
}

function recommendPerPod({ target, assumed, pods }: Extract<Reading, { kind: 'per-pod' }>, current: number): number | null {
  const counted = pods.filter(({ standing }) => standing !== 'ignored');
  const measured = counted.flatMap(({ standing, value }) => (standing === 'ready' && value !== null ? [value] : []));
  if (measured.length === 0) return null;
  const missing = counted.filter(({ standing, value }) => standing === 'ready' && value === null).length;
  const unready = counted.filter(({ standing }) => standing === 'unready').length;

  const ratio = average(measured) / target;
  const addsBesideUnready = unready > 0 && ratio > 1;
  if (missing === 0 && !addsBesideUnready) return isWithinTolerance(ratio) ? current : Math.ceil(ratio * measured.length);

  // What is not known is taken for what speaks against the change: idle before pods are added, busy before they are removed.
  const filled = [
    ...measured,
    ...Array(ratio === 1 ? 0 : missing).fill(ratio < 1 ? assumed : 0),
    ...Array(addsBesideUnready ? unready : 0).fill(0),
  ];
  const careful = average(filled) / target;
  if (isWithinTolerance(careful) || careful > 1 !== ratio > 1) return current;
  const proposal = Math.ceil(careful * filled.length);
  return careful > 1 === proposal > current ? proposal : current;
}

function isWithinTolerance(ratio: number): boolean {
  return Math.abs(1 - ratio) <= tolerance + Number.EPSILON;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
