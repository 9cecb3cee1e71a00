import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { GatewayServer, Launch } from '../../serving/admin.ts';
import type { ServerKey } from '../platform.ts';
import type { RevisionKey } from './environments/uses.ts';

/**
 * What the gateway was told last, kept so that a control plane which takes over a gateway says the very same of what
 * runs: its pods go on, and nothing has to be looked for or made first. Only its user can read it: settings may hold secrets.
 */
export class Told {
  readonly #file: string;
  #servers = new Map<string, GatewayServer>();
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** Reads what an earlier control plane told. A file that cannot be read is as good as none: then all is made anew. */
  async load(): Promise<void> {
    try {
      const servers = JSON.parse(await readFile(this.#file, 'utf8')) as GatewayServer[];
      this.#servers = new Map(servers.map((server) => [keyOf(server), server]));
    } catch {
      this.#servers = new Map();
    }
  }

  /** How the workers of a revision were started, if it is known. */
  launchOf(key: ServerKey, revision: number): Launch | undefined {
    return this.#servers.get(keyOf(key))?.revisions.find((each) => each.revision === revision)?.launch;
  }

  /** Every revision that the gateway may have pods of. */
  get revisions(): RevisionKey[] {
    return [...this.#servers.values()].flatMap(({ owner, name, revisions }) =>
      revisions.map(({ revision }) => ({ owner, name, revision })),
    );
  }

  /** To be called before the gateway is told, so that nothing runs that is not here. */
  async note(server: GatewayServer): Promise<void> {
    this.#servers.set(keyOf(server), server);
    await this.#write();
  }

  async forget(key: ServerKey): Promise<void> {
    if (this.#servers.delete(keyOf(key))) await this.#write();
  }

  async clear(): Promise<void> {
    this.#servers.clear();
    await this.#writing;
    await rm(this.#file, { force: true });
  }

  async #write(): Promise<void> {
    this.#writing = this.#writing
      .catch(() => {})
      .then(async () => {
        const beside = `${this.#file}.${process.pid}.part`;
        await writeFile(beside, JSON.stringify([...this.#servers.values()]), { mode: 0o600 });
        await rename(beside, this.#file);
      });
    await this.#writing;
  }
}

export function keyOf({ owner, name }: ServerKey): string {
  return `${owner}/${name}`;
}
