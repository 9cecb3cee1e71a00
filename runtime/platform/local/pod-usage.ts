import pidusage from 'pidusage';
import { joinGpuUse } from '../../api/gpu-use.ts';
import type { ObservedPod } from '../../api/objects.ts';
import type { PodUsage } from '../platform.ts';
import type { GpuMeter, GpuReadings } from './gpus/gpu-meter.ts';

/**
 * What each pod used, by the processes of its workers, and of its GPUs, which are asked only where a pod has some. Processes that a
 * predictor starts itself are not among them. A pod whose process has just gone is left out.
 */
export async function podUsage(pods: readonly ObservedPod[], meter: GpuMeter): Promise<PodUsage[]> {
  const hasGpus = pods.some(({ gpus }) => gpus !== undefined);
  const [found, readings] = await Promise.all([Promise.all(pods.map(usageOf)), hasGpus ? meter.read() : none]);
  return found.flatMap((usage, at) => {
    const gpus = pods[at]?.gpus ?? [];
    return usage ? [{ ...usage, ...joinGpuUse(gpus.flatMap((index) => readings.get(index) ?? [])) }] : [];
  });
}

const none: GpuReadings = new Map();

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
