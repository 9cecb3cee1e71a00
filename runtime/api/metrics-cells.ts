import type { MetricsPoint } from './objects.ts';
import { shownFailures } from './shown-failures.ts';
import { shownMs } from './shown-ms.ts';
import { shownSize } from './shown-size.ts';

/** One step as the cells of a table, but for its time: requests/s, failed, p50, p95, p99, CPUs, memory, pods, what waits. */
export function metricsCells(point: MetricsPoint): string[] {
  return [
    String(point.requestsPerSecond),
    shownFailures(point),
    shownMs(point.p50Ms),
    shownMs(point.p95Ms),
    shownMs(point.p99Ms),
    point.cpu === null ? '-' : String(point.cpu),
    point.memoryBytes === null ? '-' : shownSize(point.memoryBytes),
    String(point.pods),
    String(point.queueDepth),
  ];
}
