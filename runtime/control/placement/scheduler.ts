import * as z from 'zod/mini';
import type { ObservedPod } from '../../api/objects.ts';
import type { Observation } from '../../platform/platform.ts';
import type { FactsTable } from '../store/facts-table.ts';
import { type Claim, place, type Shortage } from './place.ts';
import { isNothing, type PodNeeds } from './pod-needs.ts';

/** The pods that a revision should have, of a model server's desired state. */
export interface WantedPods {
  revision: number;
  pods: number;
}

/** What a pod of a revision needs, and since when it is asked for; undefined for a revision that is not stored any more. */
export type NeedsOf = (object: string, revision: number) => { needs: PodNeeds; since: string } | undefined;

const promises = z.record(z.string(), z.int());

/**
 * Keeps account of one machine for all model servers: which pods were promised a place, and what is in the way of the others.
 * Promises outlive the control plane, which tells the platform before it sees anything: else it would take back what runs.
 */
export class Scheduler {
  readonly #facts: FactsTable;
  readonly #needsOf: NeedsOf;
  readonly #wanted = new Map<string, readonly WantedPods[]>();
  /** By `OWNER/NAME#REVISION`. */
  #promised: Record<string, number>;
  /** The same, as it is stored. */
  #stored: string;
  #shortages = new Map<string, Shortage>();
  /** What was seen when places were given last; undefined once something else is wanted. */
  #settledFor: Observation | null | undefined;

  constructor(facts: FactsTable, needsOf: NeedsOf) {
    this.#facts = facts;
    this.#needsOf = needsOf;
    this.#stored = facts.get('pods-placed') ?? '{}';
    this.#promised = promises.parse(JSON.parse(this.#stored));
  }

  /** Notes what is wanted of a model server, and says how many pods of each revision have a place at this moment. */
  want(object: string, wanted: readonly WantedPods[], observed: Observation | null): Map<number, number> {
    this.#note(object, wanted);
    if (observed !== this.#settledFor) this.#place(observed);
    return new Map(wanted.map(({ revision, pods }) => [revision, this.#promised[keyOf(object, revision)] ?? pods]));
  }

  /** Why not all pods of a revision have a place; undefined when they have. */
  shortage(object: string, revision: number): Shortage | undefined {
    return this.#shortages.get(keyOf(object, revision));
  }

  /** Most looks at a model server find what the one before found: then nobody's place is looked for again. */
  #note(object: string, wanted: readonly WantedPods[]): void {
    if (!isSame(this.#wanted.get(object) ?? [], wanted)) this.#settledFor = undefined;
    if (wanted.length === 0) this.#wanted.delete(object);
    else this.#wanted.set(object, wanted);
    for (const key of Object.keys(this.#promised)) {
      if (!key.startsWith(`${object}#`) || wanted.some(({ revision }) => key === keyOf(object, revision))) continue;
      delete this.#promised[key];
      this.#settledFor = undefined;
    }
  }

  #place(observed: Observation | null): void {
    // A platform that says nothing of a machine finds places itself.
    const machine = observed?.machine;
    if (machine === undefined) return;
    this.#settledFor = undefined;
    const placements = place(this.#claims(observed), machine);
    for (const { claim, pods } of placements) this.#promised[keyOf(claim.object, claim.revision)] = pods;
    this.#shortages = new Map(
      placements.flatMap(({ claim, shortage }) => (shortage ? [[keyOf(claim.object, claim.revision), shortage] as const] : [])),
    );
    this.#store();
    this.#settledFor = observed;
  }

  /** Places are given at every look, and most of them change nothing. */
  #store(): void {
    const text = JSON.stringify(this.#promised);
    if (text === this.#stored) return;
    this.#facts.set('pods-placed', text);
    this.#stored = text;
  }

  /** Of every revision that is wanted, was promised a place, or has pods; those that ask for nothing need no place. */
  #claims(observed: Observation | null): Claim[] {
    const pods = podsByKey(observed);
    const wanted = new Map([...this.#wanted].flatMap(([object, all]) => all.map((each) => [keyOf(object, each.revision), each.pods])));
    return [...new Set([...wanted.keys(), ...Object.keys(this.#promised), ...pods.keys()])].flatMap((key): Claim[] => {
      const at = key.lastIndexOf('#');
      const [object, revision] = [key.slice(0, at), Number(key.slice(at + 1))];
      const found = this.#needsOf(object, revision);
      if (!found || isNothing(found.needs)) return [];
      const seen = pods.get(key) ?? [];
      // Of a model server that was not looked at yet, the promise is what is known to be wanted.
      const count = wanted.get(key) ?? (this.#wanted.has(object) ? 0 : (this.#promised[key] ?? 0));
      return [
        {
          object,
          revision,
          ...found,
          wanted: count,
          placed: Math.min(count, this.#promised[key] ?? 0),
          running: seen.length,
          leaving: seen.filter(({ state }) => state === 'draining').length,
        },
      ];
    });
  }
}

function isSame(before: readonly WantedPods[], now: readonly WantedPods[]): boolean {
  return (
    before.length === now.length &&
    before.every(({ revision, pods }, index) => revision === now[index]?.revision && pods === now[index].pods)
  );
}

function keyOf(object: string, revision: number): string {
  return `${object}#${revision}`;
}

function podsByKey(observed: Observation | null): Map<string, ObservedPod[]> {
  return new Map(
    (observed?.servers ?? []).flatMap(({ owner, name, revisions }) =>
      revisions.map(({ revision, pods }) => [keyOf(`${owner}/${name}`, revision), pods] as const),
    ),
  );
}
