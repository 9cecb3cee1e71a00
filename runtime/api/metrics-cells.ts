import type { MetricsPoint } from './objects.ts';
import { shownFailures } from './shown-failures.ts';
import { shownMs } from './shown-ms.ts';
import { shownSize } from './shown-size.ts';

/** Whether a table of these steps has columns for GPUs: most machines have none. */
export function showGpus(points: readonly MetricsPoint[]): boolean {
  return points.some(({ gpuMemoryBytes, gpuUtilization }) => gpuMemoryBytes !== undefined || gpuUtilization !== undefined);
}

/**
 * One step as the cells of a table, but for its time: requests/s, failed, p50, p95, p99, CPUs, memory, where there are some how busy
 * GPUs are and their memory, pods, what waits.
 */
export function metricsCells(point: MetricsPoint, withGpus: boolean): string[] {
  const { gpuMemoryBytes, gpuUtilization } = point;
  const gpus = [
    gpuUtilization === undefined ? '-' : `${Math.round(gpuUtilization * 100)} %`,
    gpuMemoryBytes === undefined ? '-' : shownSize(gpuMemoryBytes),
  ];
  return [
    String(point.requestsPerSecond),
    shownFailures(point),
    shownMs(point.p50Ms),
    shownMs(point.p95Ms),
    shownMs(point.p99Ms),
    point.cpu === null ? '-' : String(point.cpu),
    point.memoryBytes === null ? '-' : shownSize(point.memoryBytes),
    ...(withGpus ? gpus : []),
    String(point.pods),
    String(point.queueDepth),
  ];
}
