import type { Observation, ObservedRevision, Platform } from '../../runtime/platform/platform.ts';

/** Follows what a platform shows, and waits for it to show something. */
export class Watcher {
  readonly #end: () => void;
  readonly #waiting = new Set<(observed: Observation) => void>();
  newest: Observation | undefined;

  constructor(platform: Platform) {
    this.#end = platform.watch((observed) => {
      this.newest = observed;
      for (const check of this.#waiting) check(observed);
    });
  }

  /** Resolves with what `find` finds in the newest observation, now or in one that comes; undefined and false are nothing. */
  async until<T>(what: string, find: (observed: Observation) => T | undefined | false, withinMs = 20_000): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const check = (observed: Observation): void => {
      try {
        const found = find(observed);
        if (found !== undefined && found !== false) resolve(found);
      } catch (error) {
        reject(error);
      }
    };
    const late = setTimeout(() => {
      reject(new Error(`not seen within ${withinMs / 1000} s: ${what}; the last that was seen:\n${JSON.stringify(this.newest, null, 1)}`));
    }, withinMs);
    this.#waiting.add(check);
    if (this.newest) check(this.newest);
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      this.#waiting.delete(check);
    }
  }

  /** A revision, once it is as `check` wants it. */
  async revision(
    server: string,
    revision: number,
    what: string,
    check: (observed: ObservedRevision) => boolean,
    withinMs?: number,
  ): Promise<ObservedRevision> {
    return this.until(
      `revision ${revision} of ${server}: ${what}`,
      (observed) => {
        const found = revisionOf(observed, server, revision);
        return found && check(found) ? found : undefined;
      },
      withinMs,
    );
  }

  /** So many ready pods of a revision, and no other ones. */
  async ready(server: string, revision: number, pods = 1): Promise<ObservedRevision> {
    return this.revision(server, revision, `${pods} ready pods`, (seen) => {
      if (seen.failure?.final) throw new Error(`revision ${revision} of ${server} failed: ${JSON.stringify(seen.failure, null, 1)}`);
      return seen.pods.length === pods && seen.pods.every(({ state }) => state === 'ready');
    });
  }

  /** No pod of a revision is left. */
  async gone(server: string, revision: number): Promise<void> {
    await this.until(
      `no pods of revision ${revision} of ${server}`,
      (observed) => (revisionOf(observed, server, revision)?.pods.length ?? 0) === 0,
    );
  }

  /** The address of a model server's endpoint. */
  async url(server: string): Promise<string> {
    return this.until('an endpoint', ({ endpoint }) => endpoint !== null && `${endpoint}/local/${server}`);
  }

  end(): void {
    this.#end();
  }
}

export function revisionOf(observed: Observation, server: string, revision: number): ObservedRevision | undefined {
  return observed.servers.find(({ name }) => name === server)?.revisions.find((each) => each.revision === revision);
}
