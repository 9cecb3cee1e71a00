import { constants, setPriority } from 'node:os';
import type { ConfinedPod, Enclosure } from '../../../serving/pool/confinement.ts';
import { ranOutOfMemory } from './limit-words.ts';
import { threadCounts } from './thread-counts.ts';

/** How often memory is looked at. What grows faster than the machine has room for in such a time is not stopped by it. */
export const watchEveryMs = 250;

/** The resident memory of a process in bytes; rejects for one that is gone. */
export type ResidentMemory = (pid: number) => Promise<number>;

/** What a {@link watchPod} stands on; tests put other things in its place. */
export interface WatchParts {
  residentMemory: ResidentMemory;
  /** Calls back again and again; returns what ends that. */
  every(ms: number, look: () => Promise<void>): () => void;
}

/**
 * Watches a pod where nothing can hold it: the memory of its workers together is looked at, and the largest one is ended
 * when they have too much; CPU is a matter of thread counts, and of giving way to others.
 */
export function watchPod({ settings }: ConfinedPod, { residentMemory, every }: WatchParts): Enclosure {
  const limit = settings['ram-limit'];
  const workers = new Map<number, () => void>();
  const over = new Set<number>();
  const look = async (): Promise<void> => {
    if (limit === undefined) return;
    const sizes = await Promise.all([...workers.keys()].map(async (pid) => ({ pid, bytes: await residentMemory(pid).catch(() => 0) })));
    const [largest] = sizes.sort((a, b) => b.bytes - a.bytes);
    if (!largest || sizes.reduce((sum, { bytes }) => sum + bytes, 0) <= limit) return;
    const kill = workers.get(largest.pid);
    if (!kill) return;
    over.add(largest.pid);
    workers.delete(largest.pid);
    kill();
  };
  const end = limit === undefined ? () => {} : every(watchEveryMs, look);
  return {
    env: threadCounts(settings),
    enter: (command) => [...command],
    started: (pid, kill) => {
      workers.set(pid, kill);
      if (settings['cpu-limit'] !== undefined) giveWay(pid);
    },
    ended: (pid) => {
      workers.delete(pid);
      return over.delete(pid) && limit !== undefined ? ranOutOfMemory(limit) : null;
    },
    leave: async () => end(),
  };
}

function giveWay(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already.
  }
}
