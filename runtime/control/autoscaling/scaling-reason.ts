import type { Scaling } from '../../api/scaling.ts';
import type { Measured } from './meter.ts';

/**
 * Why there are so many pods from now on, for people: `148 requests/s per pod, target 100`; with the bound where that
 * is what stopped it. Pure.
 */
export function scalingReason(
  { min, max, targetCpu, targetRequestsPerSecond }: Scaling,
  { requestsPerSecond, cpu }: Measured,
  pods: number,
): string {
  const seen = [
    ...(targetRequestsPerSecond !== null && requestsPerSecond !== null
      ? [`${short(requestsPerSecond)} requests/s per pod, target ${targetRequestsPerSecond}`]
      : []),
    ...(targetCpu !== null && cpu !== null ? [`${short(cpu)} of the requested CPU per pod, target ${targetCpu}`] : []),
  ];
  const bound = pods === max ? ' (the most allowed)' : pods === min ? ' (the least allowed)' : '';
  return `${seen.length === 0 ? 'min-pods and max-pods changed' : seen.join('; ')}${bound}`;
}

/** Three digits are enough to compare. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
