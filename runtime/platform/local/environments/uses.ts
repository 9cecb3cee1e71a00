import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerKey } from '../../platform.ts';

/** A revision that needs an environment. */
export interface RevisionKey extends ServerKey {
  revision: number;
}

/** A revision that an environment was taken for, and when that was last. */
export interface Use extends RevisionKey {
  at: string;
}

/** Which revisions each environment was taken for: an empty file each in its folder, so that noting one changes nothing else. */
export class EnvironmentUses {
  readonly #root: string;
  readonly #uses = new Map<string, Map<string, Use>>();
  #loaded: Promise<void> | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** Reads what earlier control planes noted. To be awaited before anything else. */
  load(): Promise<void> {
    this.#loaded ??= this.#read();
    return this.#loaded;
  }

  /** Known at once: whoever asks from now on hears of it. {@link write} makes it last. */
  note(environment: string, use: Use): void {
    const uses = this.#uses.get(environment) ?? new Map<string, Use>();
    this.#uses.set(environment, uses.set(fileOf(use), use));
  }

  async write(environment: string, user: RevisionKey): Promise<void> {
    await mkdir(this.#folderOf(environment), { recursive: true });
    await writeFile(join(this.#folderOf(environment), fileOf(user)), '');
  }

  of(environment: string): Use[] {
    return [...(this.#uses.get(environment)?.values() ?? [])];
  }

  /** The environment is gone. */
  drop(environment: string): void {
    this.#uses.delete(environment);
  }

  async #read(): Promise<void> {
    for (const environment of await readdir(this.#root).catch(() => [])) {
      for (const file of await readdir(this.#folderOf(environment)).catch(() => [])) {
        const [, owner, name, revision] = /^(.+)@(.+)@(\d+)$/.exec(file) ?? [];
        const noted = await stat(join(this.#folderOf(environment), file)).catch(() => null);
        if (owner && name && noted) this.note(environment, { owner, name, revision: Number(revision), at: noted.mtime.toISOString() });
      }
    }
  }

  #folderOf(environment: string): string {
    return join(this.#root, environment, 'spell-uses');
  }
}

function fileOf({ owner, name, revision }: RevisionKey): string {
  return `${owner}@${name}@${revision}`;
}
