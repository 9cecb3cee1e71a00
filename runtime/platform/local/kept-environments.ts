import type { KeptEnvironment } from '../platform.ts';
import { revisionKeyOf } from './desired-servers.ts';
import type { Environments, IsUsed } from './environments/environments.ts';

export interface KeptEnvironmentsOptions {
  environments: Environments;
  /** The revisions that need theirs now, as `OWNER/NAME#REVISION`. */
  inUse: () => readonly string[];
  say: (line: string) => void;
}

/** The environments of this machine, as far as others may see and remove them. */
export class KeptEnvironments {
  readonly #options: KeptEnvironmentsOptions;

  constructor(options: KeptEnvironmentsOptions) {
    this.#options = options;
  }

  /** Begins to remove what was left half made, and what nobody used for a month. */
  start(): void {
    const { environments, say } = this.#options;
    environments
      .removeUnused(this.#isUsed(), Date.now())
      .catch((error: unknown) => say(`old environments cannot be removed: ${String(error)}`));
  }

  list(): Promise<KeptEnvironment[]> {
    return this.#options.environments.list(this.#isUsed());
  }

  log(id: string): Promise<string[] | null> {
    return this.#options.environments.log(id);
  }

  remove(ids: readonly string[]): Promise<string[]> {
    return this.#options.environments.remove(ids, this.#isUsed());
  }

  /** Looks anew each time it is asked: what is wanted changes meanwhile. */
  #isUsed(): IsUsed {
    return (uses) => {
      const inUse = new Set(this.#options.inUse());
      return uses.some((use) => inUse.has(revisionKeyOf(use)));
    };
  }
}
