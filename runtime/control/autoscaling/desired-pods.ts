import { type Behavior, type History, limit, remember, stabilize } from './behavior.ts';
import { type Reading, recommendLargest } from './recommendation.ts';

/** All that the number of pods follows from. `now` in milliseconds. */
export interface ScalingInputs {
  current: number;
  min: number;
  max: number;
  readings: readonly Reading[];
  history: History;
  behavior: Behavior;
  now: number;
}

/** How many pods there should be, and what to know at the next decision. */
export interface ScalingDecision {
  pods: number;
  history: History;
}

/**
 * The autoscaler's one decision: metrics in, number of pods out, as the Kubernetes `HorizontalPodAutoscaler` (v2)
 * makes it: the largest recommendation, stabilised, then limited by policies, then between `min` and `max`. Without a
 * metric that says anything the number stays. Pure.
 */
export function desiredPods({ current, min, max, readings, history, behavior, now }: ScalingInputs): ScalingDecision {
  const within = Math.min(max, Math.max(min, current));
  if (within !== current) return { pods: within, history: remember(history, within, within - current, behavior, now) };
  const recommended = recommendLargest(readings, current);
  if (recommended === null) return { pods: current, history };
  const stable = stabilize(recommended, current, history, behavior, now);
  const pods = Math.min(max, Math.max(min, limit(stable, current, history, behavior, now)));
  return { pods, history: remember(history, recommended, pods - current, behavior, now) };
}
