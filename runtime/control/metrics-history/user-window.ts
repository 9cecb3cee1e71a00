import type { PodUserMetrics, UserSample, UserSeries } from '../../api/user-metrics.ts';

/** So many numbers of a predictor's own are kept of a model server: a label that takes ever new values must not fill the disk. */
export const mostSeries = 50;

/** What the pods of a model server reported at one moment, and which of the numbers are kept. */
export interface UserCounters {
  pods: readonly PodUserMetrics[];
  kept: readonly string[];
}

/** The predictor's own numbers over all pods in some time. `leftOut`: how many more there were. */
export interface UserWindow {
  series: UserSeries[];
  leftOut: number;
}

/** Of the numbers that are there, those that were kept before come first: none is kept now and then. Pure. */
export function userCounters(before: UserCounters | undefined, pods: readonly PodUserMetrics[]): UserCounters {
  const present = new Set(pods.flatMap(({ samples }) => samples.map(keyOf)));
  const kept = new Set([...(before?.kept ?? []).filter((key) => present.has(key)), ...present]);
  return { pods, kept: [...kept].slice(0, mostSeries) };
}

/**
 * What happened between two looks: counters of all pods add up, `send_metric` of the pod that sent last wins, and of any other gauge
 * it is the mean of all processes. Undefined where there is none. Pure.
 */
export function userBetween(before: UserCounters | undefined, { pods, kept }: UserCounters): UserWindow | undefined {
  const earlier = new Map(before?.pods.map(({ pod, samples }) => [pod, new Map(samples.map((sample) => [keyOf(sample), sample.value]))]));
  const found = pods.flatMap(({ pod, samples }) =>
    samples.map((sample) => ({ ...sample, key: keyOf(sample), increase: increase(earlier.get(pod)?.get(keyOf(sample)), sample.value) })),
  );
  const byKey = Map.groupBy(found, ({ key }) => key);
  const series = kept.flatMap((key): UserSeries[] => {
    const [first, ...others] = byKey.get(key) ?? [];
    if (!first) return [];
    const { name, labels, type } = first;
    const same: [typeof first, ...(typeof first)[]] = [first, ...others.filter((other) => other.type === type)];
    const value = type === 'counter' ? same.reduce((sum, each) => sum + each.increase, 0) : gaugeOf(same);
    return [{ name, labels, type, value }];
  });
  const leftOut = byKey.size - series.length + Math.max(0, ...pods.map((pod) => pod.leftOut));
  return series.length + leftOut === 0 ? undefined : { series, leftOut };
}

/** Several windows that follow each other, oldest first, as one. Undefined where none has any. Pure. */
export function joinUserWindows(windows: readonly (UserWindow | undefined)[]): UserWindow | undefined {
  const there = windows.filter((window) => window !== undefined);
  if (there.length === 0) return undefined;
  const joined = new Map<string, UserSeries>();
  for (const one of there.flatMap(({ series }) => series)) {
    const key = keyOf(one);
    const former = joined.get(key);
    // Those that were there last come last.
    joined.delete(key);
    joined.set(key, one.type === 'counter' && former ? { ...one, value: former.value + one.value } : one);
  }
  const series = [...joined.values()].slice(-mostSeries);
  return { series, leftOut: joined.size - series.length + Math.max(...there.map(({ leftOut }) => leftOut)) };
}

function gaugeOf(samples: readonly [UserSample, ...UserSample[]]): number {
  const newest = samples.reduce((last, sample) => ((sample.sentAt ?? 0) > (last.sentAt ?? 0) ? sample : last));
  if (newest.sentAt !== null) return newest.value;
  return samples.reduce((sum, { value }) => sum + value, 0) / samples.length;
}

/** A counter that fell has begun anew in between; one of a pod that was not there before, too. */
function increase(before: number | undefined, after: number): number {
  return before === undefined || after < before ? after : after - before;
}

function keyOf({ name, labels }: Pick<UserSeries, 'name' | 'labels'>): string {
  return JSON.stringify([name, ...Object.entries(labels).sort()]);
}
