import pidusage from 'pidusage';
import type { ObservedPod } from '../../api/objects.ts';
import type { PodUsage } from '../platform.ts';

/**
 * What each pod used, by the processes of its workers. Those that a predictor starts itself are not among them. A pod
 * whose process has just gone is left out.
 */
export async function podUsage(pods: readonly ObservedPod[]): Promise<PodUsage[]> {
  const found = await Promise.all(pods.map(usageOf));
  return found.filter((usage) => usage !== undefined);
}

async function usageOf({ id, workers }: ObservedPod): Promise<PodUsage | undefined> {
  if (workers.length === 0) return undefined;
  // A process that is not there any more is an error of the whole question: it is asked again in a moment.
  const each = await pidusage(workers.map(({ pid }) => pid)).catch(() => undefined);
  if (!each) return undefined;
  const known = Object.values(each);
  return {
    pod: id,
    cpuSeconds: known.reduce((sum, { ctime }) => sum + ctime, 0) / 1000,
    memoryBytes: known.reduce((sum, { memory }) => sum + memory, 0),
  };
}
