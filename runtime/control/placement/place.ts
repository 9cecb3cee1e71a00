import { shownCpus } from '../../api/shown-cpus.ts';
import { shownGpus } from '../../api/shown-gpus.ts';
import { shownSize } from '../../api/shown-size.ts';
import type { Machine } from '../../platform/platform.ts';
import { fits, lacking, noNeeds, type PodNeeds, plus, times } from './pod-needs.ts';

/** The pods that one revision of a model server should have, and those that it has. */
export interface Claim {
  /** `OWNER/NAME`. */
  object: string;
  revision: number;
  needs: PodNeeds;
  /** 0 for a revision that nobody wants any more and that still has pods. */
  wanted: number;
  /** Pods that the platform was told to have. */
  placed: number;
  /** Pods that are there, and those of them that are on their way out. */
  running: number;
  leaving: number;
  /** Who asked first is placed first. */
  since: string;
}

/** How many pods of a claim have room, and what is in the way of the others. */
export interface Placement {
  claim: Claim;
  pods: number;
  /** Null where all have room. */
  shortage: Shortage | null;
}

export interface Shortage {
  pods: number;
  /** In words, with the numbers. */
  reason: string;
  /** Another revision of the same model server holds it, and goes only when this one is ready. */
  heldByOwn: boolean;
}

/**
 * Which pods have room on a machine. Those that are there keep their place, and those that were promised one; then who waits
 * longest comes first, and what does not fit does not keep smaller ones from theirs. Pure.
 */
export function place(claims: readonly Claim[], machine: Machine): Placement[] {
  // Of what is not known yet nothing can be given away.
  const capacity = { ...machine, gpus: machine.gpus ?? 0 };
  let room = claims.reduce((left, claim) => plus(left, times(claim.needs, -heldBy(claim))), capacity);
  const inTurn = claims.filter(({ wanted }) => wanted > 0).sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
  const placed = inTurn.map((claim) => {
    let pods = Math.min(claim.wanted, staying(claim));
    while (pods < claim.wanted && fits(claim.needs, room)) {
      room = plus(room, times(claim.needs, -1));
      pods++;
    }
    return { claim, pods };
  });
  return placed.map(({ claim, pods }) => ({
    claim,
    pods,
    shortage: pods === claim.wanted ? null : shortageOf(claim, claim.wanted - pods, room, machine, claims),
  }));
}

function staying({ running, leaving, placed }: Claim): number {
  return Math.max(running - leaving, placed);
}

function heldBy(claim: Claim): number {
  return staying(claim) + claim.leaving;
}

function shortageOf(claim: Claim, pods: number, room: PodNeeds, machine: Machine, claims: readonly Claim[]): Shortage {
  const sum = (some: Claim[], count: (each: Claim) => number): PodNeeds =>
    some.reduce((total, each) => plus(total, times(each.needs, count(each))), noNeeds);
  const soon = plus(
    room,
    sum([...claims], (each) => Math.max(0, heldBy(each) - Math.min(each.wanted, staying(each)))),
  );
  const own = claims.filter((each) => each.object === claim.object && each.revision !== claim.revision && each.wanted > 0);
  const rest = times(claim.needs, pods);
  const heldByOwn = !fits(rest, soon) && fits(rest, plus(soon, sum(own, staying)));
  return { pods, reason: reasonOf(claim.needs, room, machine), heldByOwn };
}

function reasonOf(needs: PodNeeds, room: PodNeeds, machine: Machine): string {
  const words = lacking(needs, room).map((key) => {
    const { shown, setting } = resources[key];
    const why = whyLacking(needs[key], room[key], machine[key], shown);
    return `each pod needs ${shown(needs[key])} (${setting}), and ${why}`;
  });
  return words.join('; ');
}

function whyLacking(needed: number, free: number, all: number | null, shown: (amount: number) => string): string {
  if (all === null) return 'nvidia-smi has not said yet how many this machine has';
  if (needed > all) return `this machine has ${shown(all)}`;
  return `of ${shown(all)} that this machine has ${shown(Math.max(0, free))} are free`;
}

const resources: Record<keyof PodNeeds, { setting: string; shown: (amount: number) => string }> = {
  cpus: { setting: 'cpu-request', shown: shownCpus },
  memoryBytes: { setting: 'ram-request', shown: (bytes) => `${shownSize(bytes)} of memory` },
  gpus: { setting: 'gpu-limit', shown: shownGpus },
};
