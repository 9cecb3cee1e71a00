import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/**
 * Where groups can be made: one folder in version 2, where a group has all controllers; one for each controller in
 * version 1. Each is in the hierarchy of the process that asks, so that its own limits hold for them, too.
 */
export type CgroupPlace = { version: 2; folder: string } | { version: 1; memory: string; cpu: string };

/** What both limits need. */
const controllers = ['memory', 'cpu'] as const;

/**
 * Finds where this user may make groups with limits (`man 7 cgroups`).
 * @param root as `/sys/fs/cgroup`
 * @param own the text of `/proc/self/cgroup`
 * @returns the place, or why there is none, for people
 */
export async function findCgroupPlace(root: string, own: string): Promise<CgroupPlace | string> {
  const paths = new Map(own.split('\n').flatMap(membership));
  if (await isThere(join(root, 'cgroup.controllers'))) return findUnified(root, paths.get('') ?? '/');
  const [memory, cpu] = controllers.map((name) => paths.has(name) && resolve(root, name, `.${paths.get(name)}`));
  if (!memory || !cpu) return 'this system has no control groups for memory and CPU';
  for (const folder of [memory, cpu]) if (!(await mayWrite(folder))) return `${folder} is not this user's to write`;
  return { version: 1, memory, cpu };
}

/** `4:memory:/a` belongs to the controller `memory`; `0::/a` is version 2, which has no name. */
function membership(line: string): [string, string][] {
  const [, names, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
  return names === undefined || path === undefined ? [] : names.split(',').map((name) => [name, path]);
}

/**
 * A group that has processes can have none below it that is limited, so it is looked for upwards: the first one that
 * hands both controllers on and is ours, as systemd makes them for its users.
 */
async function findUnified(root: string, own: string): Promise<CgroupPlace | string> {
  for (let folder = join(root, own); folder.startsWith(root); folder = dirname(folder)) {
    const handedOn = (await readFile(join(folder, 'cgroup.subtree_control'), 'utf8').catch(() => '')).split(/\s+/);
    if (controllers.every((name) => handedOn.includes(name)) && (await mayWrite(folder))) return { version: 2, folder };
  }
  return `no control group above ${join(root, own)} hands memory and CPU on to this user`;
}

async function mayWrite(folder: string): Promise<boolean> {
  // Whoever moves a process into a group below has to be allowed to move it out of here.
  const all = [folder, join(folder, 'cgroup.procs')].map((path) => access(path, constants.W_OK));
  return Promise.all(all).then(
    () => true,
    () => false,
  );
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
