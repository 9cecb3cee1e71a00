import type { ConfinedPod, Enclosure } from '../../../serving/pool/confinement.ts';
import type { Cgroup, Cgroups } from './cgroups.ts';
import { ranOutOfMemory } from './limit-words.ts';
import { threadCounts } from './thread-counts.ts';

/** Moves itself into the groups, whose files stand before `--`, and becomes the command that stands behind it. */
const enterScript = 'while [ "$1" != -- ]; do echo 0 > "$1" || exit 126; shift; done; shift; exec "$@"';

/** Lets the kernel hold a pod: nothing of it can use more, and what asks for more memory is ended by the kernel. */
export async function encloseInCgroup(cgroups: Cgroups, { id, settings }: ConfinedPod): Promise<Enclosure> {
  const limits = { memoryBytes: settings['ram-limit'], cpus: settings['cpu-limit'] };
  const group: Cgroup = await cgroups.make(id, limits);
  let told = 0;
  return {
    env: threadCounts(settings),
    enter: (command) => ['/bin/sh', '-c', enterScript, 'sh', ...group.doors, '--', ...command],
    started: () => {},
    ended: () => {
      const kills = outOfMemoryKills(group);
      if (kills <= told || limits.memoryBytes === undefined) return null;
      told = kills;
      return ranOutOfMemory(limits.memoryBytes);
    },
    leave: () => group.remove(),
  };
}

function outOfMemoryKills(group: Cgroup): number {
  try {
    return group.outOfMemoryKills;
  } catch {
    // The group is gone, by whatever hand: nothing is known.
    return 0;
  }
}
