import { readFileSync } from 'node:fs';
import { mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CgroupPlace } from './cgroup-places.ts';

/** What the kernel shall hold a group to; absent: whatever there is. */
export interface GroupLimits {
  memoryBytes?: number | undefined;
  cpus?: number | undefined;
}

/** How the kernel doles out CPU: so much in each period. Its own default. */
const periodUs = 100_000;

/** How often, and how long apart, a group is asked to go whose last process is just being buried. */
const removal = { tries: 20, everyMs: 50 } as const;

/** The groups of one home, all below one folder for each controller. `name` is that folder's. */
export class Cgroups {
  readonly #place: CgroupPlace;
  readonly #name: string;
  #prepared: Promise<void> | undefined;

  constructor(place: CgroupPlace, name: string) {
    this.#place = place;
    this.#name = name;
  }

  get version(): 1 | 2 {
    return this.#place.version;
  }

  /** The folders that all of its groups are below. */
  get folders(): string[] {
    const place = this.#place;
    return (place.version === 2 ? [place.folder] : [place.memory, place.cpu]).map((folder) => join(folder, this.#name));
  }

  /** Makes a group. Rejects with what the system says; nothing is left of it then. */
  async make(name: string, limits: GroupLimits): Promise<Cgroup> {
    this.#prepared ??= this.#prepare();
    await this.#prepared;
    const folders = this.folders.map((folder) => join(folder, name));
    const group = new Cgroup(folders, this.version);
    try {
      for (const folder of folders) await mkdir(folder);
      await group.limit(limits);
      return group;
    } catch (error) {
      await group.remove();
      throw error;
    }
  }

  async #prepare(): Promise<void> {
    for (const folder of this.folders) {
      await mkdir(folder, { recursive: true });
      if (this.version === 2) await writeFile(join(folder, 'cgroup.subtree_control'), '+memory +cpu');
    }
  }
}

/** The group of one pod. */
export class Cgroup {
  readonly #folders: readonly string[];
  readonly #version: 1 | 2;

  constructor(folders: readonly string[], version: 1 | 2) {
    this.#folders = folders;
    this.#version = version;
  }

  /** Files that a process writes `0` into to move itself inside. */
  get doors(): string[] {
    return this.#folders.map((folder) => join(folder, 'cgroup.procs'));
  }

  /** How often the kernel has ended a process of it for want of memory. */
  get outOfMemoryKills(): number {
    const [memory = ''] = this.#folders;
    const text = readFileSync(join(memory, this.#version === 2 ? 'memory.events' : 'memory.oom_control'), 'utf8');
    return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
  }

  /** Swap does not count as room: a predictor that swaps answers nobody. */
  async limit({ memoryBytes, cpus }: GroupLimits): Promise<void> {
    const [memory = '', cpu = memory] = this.#folders;
    const quotaUs = cpus === undefined ? undefined : Math.max(1000, Math.round(cpus * periodUs));
    if (this.#version === 2) {
      if (memoryBytes !== undefined) await set(memory, 'memory.max', memoryBytes);
      if (memoryBytes !== undefined) await setIfThere(memory, 'memory.swap.max', 0);
      if (quotaUs !== undefined) await set(cpu, 'cpu.max', `${quotaUs} ${periodUs}`);
      return;
    }
    if (memoryBytes !== undefined) await set(memory, 'memory.limit_in_bytes', memoryBytes);
    if (memoryBytes !== undefined) await setIfThere(memory, 'memory.memsw.limit_in_bytes', memoryBytes);
    if (quotaUs !== undefined) await set(cpu, 'cpu.cfs_period_us', periodUs);
    if (quotaUs !== undefined) await set(cpu, 'cpu.cfs_quota_us', quotaUs);
  }

  /** Its processes are gone. One that cannot be removed is left to {@link removeGroups}. */
  async remove(): Promise<void> {
    for (const folder of this.#folders) await removeFolder(folder);
  }
}

/** Removes the folders of a home with all their groups, as far as no process is in them. Returns those that are left. */
export async function removeGroups(folders: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  for (const folder of folders) {
    const below = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of below) if (entry.isDirectory()) await removeFolder(join(folder, entry.name));
    if (!(await removeFolder(folder))) left.push(folder);
  }
  return left;
}

async function removeFolder(folder: string): Promise<boolean> {
  for (let tries = 0; tries < removal.tries; tries++) {
    const code = await rmdir(folder).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    );
    if (code === undefined || code === 'ENOENT') return true;
    if (code !== 'EBUSY' && code !== 'ENOTEMPTY') return false;
    await delay(removal.everyMs);
  }
  return false;
}

async function set(folder: string, file: string, value: string | number): Promise<void> {
  await writeFile(join(folder, file), String(value)).catch((error: Error) => {
    throw new Error(`${join(folder, file)} does not take ${value}: ${error.message}`);
  });
}

/** Not every kernel accounts for swap. */
async function setIfThere(folder: string, file: string, value: string | number): Promise<void> {
  await writeFile(join(folder, file), String(value)).catch(() => {});
}
