import type * as vscode from 'vscode';
import type { Client } from '../../runtime/api/http/client-types.ts';
import type { MetricsPoint } from '../../runtime/api/objects.ts';
import { shownFailures } from '../../runtime/api/shown-failures.ts';
import { shownMs } from '../../runtime/api/shown-ms.ts';
import { shownSize } from '../../runtime/api/shown-size.ts';
import type { ModelServerTarget } from '../contributions.ts';

const minuteSeconds = 60;
/** Longer than what is looked at, so that all of it is one point. */
const daySeconds = 86_400;

/**
 * What a model server did in the last minute, asked once; undefined where nothing was measured. Never rejects: whoever points at
 * something is told the rest of it all the same.
 */
export async function lastMinute(
  client: Pick<Client, 'metricsHistory'>,
  { owner, name }: ModelServerTarget,
): Promise<MetricsPoint | undefined> {
  const query = { range: String(minuteSeconds), step: String(daySeconds) };
  const points = await client.metricsHistory({ owner, name, query }).catch((): MetricsPoint[] => []);
  return points.at(-1);
}

/** It in words, a line for each thing that was measured. */
export function metricsLines({ l10n }: Pick<typeof vscode, 'l10n'>, point: MetricsPoint): string[] {
  const { requestsPerSecond, p50Ms, p99Ms, cpu, memoryBytes, gpuUtilization, gpuMemoryBytes, queueDepth, inFlight } = point;
  const memory = memoryBytes === null ? [] : [l10n.t('memory {0}', shownSize(memoryBytes))];
  const processors = cpu === null ? [] : [l10n.t('{0} CPUs', Number(cpu.toPrecision(2)))];
  const gpus = gpuUtilization === undefined ? [] : [l10n.t('GPUs {0} % busy', Math.round(gpuUtilization * 100))];
  const gpuMemory = gpuMemoryBytes === undefined ? [] : [l10n.t('GPU memory {0}', shownSize(gpuMemoryBytes))];
  const hardware = [...processors, ...memory, ...gpus, ...gpuMemory].join(', ');
  return [
    l10n.t('last minute: {0} requests/s, {1} failed', Number(requestsPerSecond.toPrecision(3)), shownFailures(point)),
    ...(p50Ms === null ? [] : [l10n.t('half of them within {0} ms, 99 % within {1} ms', shownMs(p50Ms), shownMs(p99Ms))]),
    ...(hardware === '' ? [] : [hardware]),
    ...(queueDepth + inFlight === 0 ? [] : [l10n.t('{0} waiting, {1} not answered yet', queueDepth, inFlight)]),
  ];
}
