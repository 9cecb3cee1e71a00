import type { GatewayObservation, GatewayServer, Launch } from '../../serving/admin.ts';
import type { DesiredModelServer, DesiredRevision, ServerKey } from '../platform.ts';
import type { RevisionKey } from './environments/uses.ts';
import type { RevisionOnMachine, ServerOnMachine } from './observe.ts';
import { foldersOf } from './revision-folders.ts';
import { keyOf } from './told.ts';

/** A revision on its way: what is known of it, and how to give it up. */
export type RevisionInTheMaking = RevisionOnMachine & { readonly takenOver: boolean; cancel(): void };

interface Entry extends ServerOnMachine {
  revisions: Map<number, RevisionInTheMaking>;
}

/** The model servers that are wanted, with each of their revisions as far as it is prepared. Holds no process and no file. */
export class DesiredServers {
  readonly #entries = new Map<string, Entry>();
  /** The folders of each revision that is wanted, or was and may still have pods. */
  readonly #folders = new Map<string, ReturnType<typeof foldersOf>>();
  readonly #begin: (key: ServerKey, revision: DesiredRevision) => RevisionInTheMaking;

  /** `begin` starts to prepare a revision. */
  constructor(begin: (key: ServerKey, revision: DesiredRevision) => RevisionInTheMaking) {
    this.#begin = begin;
  }

  get servers(): Iterable<ServerOnMachine> {
    return this.#entries.values();
  }

  has(key: ServerKey): boolean {
    return this.#entries.has(keyOf(key));
  }

  /** Notes what is wanted now: new revisions begin to be prepared, those that are gone are given up. */
  apply(desired: DesiredModelServer): void {
    const key = keyOf(desired);
    const entry: Entry = this.#entries.get(key) ?? { desired, revisions: new Map() };
    entry.desired = desired;
    this.#entries.set(key, entry);
    const wanted = new Map(desired.stopped ? [] : desired.revisions.map((each) => [each.revision, each]));
    for (const [number, revision] of entry.revisions) {
      if (wanted.has(number)) continue;
      revision.cancel();
      entry.revisions.delete(number);
    }
    for (const [number, revision] of wanted) {
      if (entry.revisions.has(number)) continue;
      this.#folders.set(revisionKeyOf({ ...desired, revision: number }), foldersOf(revision.spec));
      entry.revisions.set(number, this.#begin(desired, revision));
    }
  }

  remove(key: ServerKey): void {
    for (const revision of this.#entries.get(keyOf(key))?.revisions.values() ?? []) revision.cancel();
    this.#entries.delete(keyOf(key));
  }

  /** Gives up whatever is on its way. What is wanted stays noted. */
  cancelAll(): void {
    for (const { revisions } of this.#entries.values()) for (const revision of revisions.values()) revision.cancel();
  }

  /** Prepares here, too, what was only known from an earlier control plane. */
  remakeTakenOver(): void {
    for (const { desired, revisions } of this.#entries.values()) {
      for (const each of desired.revisions) {
        if (revisions.get(each.revision)?.takenOver) revisions.set(each.revision, this.#begin(desired, each));
      }
    }
  }

  /**
   * What to tell the gateway of a model server: its revisions that are prepared. `wait` while one that has pods is not:
   * without it in the message, those pods would end. Undefined for one that is not wanted.
   */
  gatewayServer(key: ServerKey, seen: GatewayObservation): GatewayServer | 'wait' | undefined {
    const entry = this.#entries.get(keyOf(key));
    if (!entry) return undefined;
    const { owner, name, serving, stopped, revisions } = entry.desired;
    const running = seen.servers.find((server) => keyOf(server) === keyOf(key))?.revisions ?? [];
    const told: GatewayServer['revisions'] = [];
    for (const { revision, pods, spec } of stopped ? [] : revisions) {
      const made = entry.revisions.get(revision);
      if (made?.result) told.push({ revision, pods, settings: spec.settings, launch: made.result });
      else if (made?.preparing !== null && running.some((each) => each.revision === revision && each.pods.length > 0)) return 'wait';
    }
    return { owner, name, serving, stopped, revisions: told };
  }

  /** The longest time that a pod may take to end. */
  get longestDrainMs(): number {
    const all = [...this.#entries.values()].flatMap(({ desired }) => desired.revisions.map(({ spec }) => spec.settings['drain-timeout']));
    return 1000 * Math.max(0, ...all);
  }

  /** The revisions that are wanted here, or still have pods, as `OWNER/NAME#REVISION`. */
  live(seen: Pick<GatewayObservation, 'servers'>): Set<string> {
    const live = new Set<string>();
    for (const { owner, name, revisions } of seen.servers) {
      for (const { revision, pods } of revisions) if (pods.length > 0) live.add(revisionKeyOf({ owner, name, revision }));
    }
    for (const { desired, revisions } of this.#entries.values()) {
      for (const revision of revisions.keys()) live.add(revisionKeyOf({ ...desired, revision }));
    }
    return live;
  }

  /**
   * Which folders are in use; undefined while there are pods of whose revision nothing is known (they were started under
   * an earlier control plane, and nothing was said of them yet): then nothing may be removed.
   */
  foldersInUse(seen: GatewayObservation): { code: Set<string>; models: Set<string> } | undefined {
    const live = this.live(seen);
    for (const key of live) if (!this.#folders.has(key)) return undefined;
    for (const key of this.#folders.keys()) if (!live.has(key)) this.#folders.delete(key);
    const used = [...this.#folders.values()];
    return { code: new Set(used.map(({ code }) => code)), models: new Set(used.flatMap(({ models }) => models)) };
  }
}

/** A revision in one word: `OWNER/NAME#REVISION`. */
export function revisionKeyOf(key: RevisionKey): string {
  return `${keyOf(key)}#${key.revision}`;
}

/** A revision that runs already, as an earlier control plane started it. */
export function alreadyMade(launch: Launch): RevisionInTheMaking {
  return { preparing: null, failure: null, result: launch, takenOver: true, cancel: () => {} };
}
