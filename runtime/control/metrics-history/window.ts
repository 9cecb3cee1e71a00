import { type GpuUse, joinGpuUse } from '../../api/gpu-use.ts';
import { type HistogramData, mergeHistograms } from '../../api/histogram.ts';
import { endedRequests, type ObservedTraffic } from '../../api/traffic.ts';
import type { PodUsage } from '../../platform/platform.ts';
import { joinUserWindows, type UserCounters, type UserWindow, userBetween } from './user-window.ts';

/** The counters of one model server at one moment, as its platform shows them. */
export interface Counters {
  /** In milliseconds. */
  at: number;
  traffic: ObservedTraffic;
  /** Null where the platform does not measure it. */
  usage: readonly PodUsage[] | null;
  readyPods: number;
  /** Undefined until its predictor has metrics of its own. */
  user?: UserCounters | undefined;
}

/** What one model server did in some time. Two windows that follow each other can be added up without loss. */
export interface MetricsWindow extends GpuUse {
  /** When it ended, and how long it was, in milliseconds. */
  at: number;
  ms: number;
  /** Predictions that ended, by cause. */
  causes: Record<string, number>;
  total: HistogramData;
  batches: { count: number; requests: number };
  /** Null where it was not measured. */
  cpuSeconds: number | null;
  /** The rest is how it was at its end. */
  memoryBytes: number | null;
  readyPods: number;
  queueDepth: number;
  inFlight: number;
  /** Absent where its predictor has no metrics of its own. */
  user?: UserWindow | undefined;
}

/** What happened between two looks. A counter that fell has begun anew in between. Pure. */
export function windowBetween(before: Counters, after: Counters): MetricsWindow {
  const { traffic, usage } = after;
  const isAnew = endedRequests(traffic.pods) < endedRequests(before.traffic.pods);
  const causesBefore = isAnew ? new Map<string, number>() : causesOf(before.traffic);
  const causes = Object.fromEntries(
    [...causesOf(traffic)].flatMap(([cause, count]) => {
      const more = count - (causesBefore.get(cause) ?? 0);
      return more > 0 ? [[cause, more] as const] : [];
    }),
  );
  const total = mergeHistograms(traffic.pods.map(({ stages }) => stages.total));
  const batchesBefore = isAnew ? { count: 0, requests: 0 } : before.traffic.batches;
  return {
    at: after.at,
    ms: after.at - before.at,
    causes,
    total: isAnew ? total : subtract(total, mergeHistograms(before.traffic.pods.map(({ stages }) => stages.total))),
    batches: { count: traffic.batches.count - batchesBefore.count, requests: traffic.batches.requests - batchesBefore.requests },
    cpuSeconds: usage && cpuBetween(before.usage ?? [], usage),
    memoryBytes: usage?.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0) ?? null,
    ...joinGpuUse(usage ?? []),
    readyPods: after.readyPods,
    queueDepth: traffic.queueDepth,
    inFlight: traffic.inFlight,
    user: after.user && userBetween(before.user, after.user),
  };
}

/** Several windows that follow each other, oldest first, as one. Pure. */
export function joinWindows(windows: readonly [MetricsWindow, ...MetricsWindow[]]): MetricsWindow {
  const last = windows.at(-1) ?? windows[0];
  const causes: Record<string, number> = {};
  for (const window of windows) for (const [cause, count] of Object.entries(window.causes)) causes[cause] = (causes[cause] ?? 0) + count;
  const { gpuUtilization } = joinGpuUse(windows);
  const measured = windows.flatMap(({ cpuSeconds }) => (cpuSeconds === null ? [] : [cpuSeconds]));
  return {
    ...last,
    ms: windows.reduce((sum, { ms }) => sum + ms, 0),
    causes,
    total: mergeHistograms(windows.map(({ total }) => total)),
    batches: {
      count: windows.reduce((sum, { batches }) => sum + batches.count, 0),
      requests: windows.reduce((sum, { batches }) => sum + batches.requests, 0),
    },
    user: joinUserWindows(windows.map(({ user }) => user)),
    cpuSeconds: measured.length === 0 ? null : measured.reduce((sum, seconds) => sum + seconds, 0),
    ...(gpuUtilization !== undefined && { gpuUtilization }),
  };
}

function causesOf({ pods }: ObservedTraffic): Map<string, number> {
  const causes = new Map<string, number>();
  for (const { cause, count } of pods.flatMap(({ answers }) => answers)) causes.set(cause, (causes.get(cause) ?? 0) + count);
  return causes;
}

function subtract(after: HistogramData, before: HistogramData): HistogramData {
  const known = new Map(before.buckets);
  return {
    count: after.count - before.count,
    sumMs: after.sumMs - before.sumMs,
    buckets: after.buckets.flatMap(([bucket, count]): [number, number][] => {
      const more = count - (known.get(bucket) ?? 0);
      return more > 0 ? [[bucket, more]] : [];
    }),
  };
}

/** A pod that is new has used all of its time in between; one whose worker was replaced counts from there. */
function cpuBetween(before: readonly PodUsage[], after: readonly PodUsage[]): number {
  const known = new Map(before.map(({ pod, cpuSeconds }) => [pod, cpuSeconds]));
  return after.reduce((sum, { pod, cpuSeconds }) => {
    const earlier = known.get(pod) ?? 0;
    return sum + (cpuSeconds < earlier ? cpuSeconds : cpuSeconds - earlier);
  }, 0);
}
