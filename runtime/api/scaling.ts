import { SpellError } from './errors.ts';
import type { EffectiveSettings, Settings } from './settings.ts';

/** The settings that move the number of pods. */
export const scalingTargets = ['target-requests-per-second', 'target-cpu-utilization'] as const;

/** Between how many pods a model server moves, and by what; no target: it stays at `min`. */
export interface Scaling {
  min: number;
  max: number;
  /** Fraction of `cpu-request`, of each pod on average. */
  targetCpu: number | null;
  /** Of each pod. */
  targetRequestsPerSecond: number | null;
}

export function scalingOf(settings: EffectiveSettings): Scaling {
  const min = settings['min-pods'];
  return {
    min,
    // Revisions that were stored before there was a maximum have none.
    max: Math.max(min, settings['max-pods'] ?? min),
    targetCpu: settings['target-cpu-utilization'] ?? null,
    targetRequestsPerSecond: settings['target-requests-per-second'] ?? null,
  };
}

/** Whether anything can move the number of pods: a target, and room between the two numbers. */
export function scales({ min, max, targetCpu, targetRequestsPerSecond }: Scaling): boolean {
  return min < max && (targetCpu !== null || targetRequestsPerSecond !== null);
}

/** What a person should know who set a target that can do nothing; null when all is well. */
export function scalingNotice(scaling: Scaling): string | null {
  const { min, max, targetCpu, targetRequestsPerSecond } = scaling;
  if (min < max || (targetCpu === null && targetRequestsPerSecond === null)) return null;
  return `its scaling target has no effect: min-pods and max-pods are both ${min}`;
}

/** Throws `bad-setting` where two settings exclude each other, whoever set which of them. */
export function checkPodsRange(said: Settings): void {
  const [min, max] = [said['min-pods'], said['max-pods']];
  if (max === undefined || (min ?? 1) <= max) return;
  throw new SpellError(
    'bad-setting',
    `max-pods is ${max}, less than min-pods, which is ${min}`,
    `set both: --min-pods N --max-pods M; or let go of one with --unset min-pods`,
  );
}
