/** One bound on how fast the number of pods may change. `percent` is of the number at the period's beginning. */
export interface Policy {
  kind: 'pods' | 'percent';
  value: number;
  periodMs: number;
}

/** How one direction behaves. Of several policies the one that allows most applies. */
export interface Rules {
  /** The most careful recommendation of so long a time applies. */
  stabilizationMs: number;
  policies: readonly Policy[];
}

/** Kubernetes' `spec.behavior`. */
export interface Behavior {
  up: Rules;
  down: Rules;
}

/** What was recommended and done before, newest last. Times in milliseconds. */
export interface History {
  recommendations: readonly { at: number; pods: number }[];
  /** Positive where pods were added. */
  changes: readonly { at: number; by: number }[];
}

/**
 * What applies on one machine: Kubernetes' own policies, but a shorter patience before pods are taken away (6 s, not
 * 300): here a pod starts in seconds and nobody waits for a node. It still outlasts a pause between two bursts.
 */
export const localBehavior: Behavior = {
  up: {
    stabilizationMs: 0,
    policies: [
      { kind: 'percent', value: 100, periodMs: 15_000 },
      { kind: 'pods', value: 4, periodMs: 15_000 },
    ],
  },
  down: { stabilizationMs: 6000, policies: [{ kind: 'percent', value: 100, periodMs: 15_000 }] },
};

/**
 * The number nearest to the current one that no recent recommendation speaks against: it grows only to what all of the
 * one window ask for at least, and shrinks only to what all of the other ask for at most. Pure.
 */
export function stabilize(recommended: number, current: number, { recommendations }: History, { up, down }: Behavior, now: number): number {
  const since = (windowMs: number): number[] => recommendations.filter(({ at }) => at > now - windowMs).map(({ pods }) => pods);
  const least = Math.min(recommended, ...since(up.stabilizationMs));
  const most = Math.max(recommended, ...since(down.stabilizationMs));
  return Math.min(most, Math.max(least, current));
}

/** A number of pods that the policies allow now. Pure. */
export function limit(wanted: number, current: number, { changes }: History, { up, down }: Behavior, now: number): number {
  if (wanted > current)
    return Math.min(wanted, Math.max(current, ...up.policies.map((policy) => mostAfter(policy, current, changes, now))));
  if (wanted < current)
    return Math.max(wanted, Math.min(current, ...down.policies.map((policy) => leastAfter(policy, current, changes, now))));
  return wanted;
}

function mostAfter({ kind, value, periodMs }: Policy, current: number, changes: History['changes'], now: number): number {
  const added = sum(changes.filter(({ at, by }) => by > 0 && at > now - periodMs));
  const before = current - added;
  return kind === 'pods' ? before + value : Math.ceil(before * (1 + value / 100));
}

function leastAfter({ kind, value, periodMs }: Policy, current: number, changes: History['changes'], now: number): number {
  const removed = -sum(changes.filter(({ at, by }) => by < 0 && at > now - periodMs));
  const before = current + removed;
  return kind === 'pods' ? before - value : Math.floor(before * (1 - value / 100));
}

function sum(changes: readonly { by: number }[]): number {
  return changes.reduce((total, { by }) => total + by, 0);
}

/** The part of a history that can still matter, with what has just been recommended and done. Pure. */
export function remember(history: History, recommended: number, by: number, { up, down }: Behavior, now: number): History {
  const longestMs = Math.max(up.stabilizationMs, down.stabilizationMs);
  const periodMs = Math.max(...[...up.policies, ...down.policies].map((policy) => policy.periodMs));
  return {
    recommendations: [...history.recommendations.filter(({ at }) => at > now - longestMs), { at: now, pods: recommended }],
    changes: [...history.changes.filter(({ at }) => at > now - periodMs), ...(by === 0 ? [] : [{ at: now, by }])],
  };
}
