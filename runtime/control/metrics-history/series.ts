import { quantileMs } from '../../api/histogram.ts';
import type { MetricsPoint } from '../../api/objects.ts';
import { joinWindows, type MetricsWindow } from './window.ts';

/** What people read of some windows: one point for each step that has any, oldest first. Pure. */
export function seriesOf(windows: readonly MetricsWindow[], stepMs: number): MetricsPoint[] {
  const steps = Map.groupBy(windows, ({ at }) => Math.ceil(at / stepMs));
  return [...steps.values()].map((each) => pointOf(joinWindows(each as [MetricsWindow, ...MetricsWindow[]])));
}

function pointOf({
  at,
  ms,
  causes,
  total,
  batches,
  cpuSeconds,
  memoryBytes,
  gpuMemoryBytes,
  gpuUtilization,
  readyPods,
  queueDepth,
  inFlight,
  user,
}: MetricsWindow): MetricsPoint {
  const requests = Object.values(causes).reduce((sum, count) => sum + count, 0);
  const { answered = 0, ...failures } = causes;
  const quantile = (part: number): number | null => rounded(quantileMs(total, part));
  return {
    time: new Date(at).toISOString(),
    seconds: ms / 1000,
    requests,
    requestsPerSecond: rounded((requests / ms) * 1000) ?? 0,
    failed: requests - answered,
    failures,
    p50Ms: quantile(0.5),
    p90Ms: quantile(0.9),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    batchSize: batches.count === 0 ? null : rounded(batches.requests / batches.count),
    cpu: cpuSeconds === null ? null : rounded((cpuSeconds / ms) * 1000),
    memoryBytes,
    ...(gpuMemoryBytes !== undefined && { gpuMemoryBytes }),
    ...(gpuUtilization !== undefined && { gpuUtilization: Math.round(gpuUtilization * 1000) / 1000 }),
    pods: readyPods,
    queueDepth,
    inFlight,
    userMetrics: user?.series ?? [],
    userMetricsLeftOut: user?.leftOut ?? 0,
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}
