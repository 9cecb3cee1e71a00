import type { Observation, ObservedModelServer, ServerKey } from '../../platform/platform.ts';

/** The newest thing that the platform showed. */
export class PlatformView {
  #newest: Observation | null = null;

  /** Null until the platform has shown anything. */
  get newest(): Observation | null {
    return this.#newest;
  }

  show(observation: Observation): void {
    this.#newest = observation;
  }

  /**
   * One model server as it is seen, without pods where it is not. Null while no endpoint answers: what is not seen then
   * may be there all the same.
   */
  of({ owner, name }: ServerKey): ObservedModelServer | null {
    if (this.#newest === null || this.#newest.endpoint === null) return null;
    const seen = this.#newest.servers.find((server) => server.owner === owner && server.name === name);
    return seen ?? { owner, name, serving: null, revisions: [] };
  }
}
