import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { LimitsEnforcement } from '../../../api/limits.ts';
import type { EffectiveSettings } from '../../../api/settings.ts';
import { type Confinement, ConfinementError, type Enclosure } from '../../../serving/pool/confinement.ts';
import { encloseInCgroup } from './cgroup-enclosure.ts';
import { type CgroupPlace, findCgroupPlace } from './cgroup-places.ts';
import { Cgroups } from './cgroups.ts';
import { noteGroups, removeLeftGroups } from './left-groups.ts';
import { type WatchParts, watchPod } from './watched-enclosure.ts';

export interface LocalConfinementOptions {
  /** `SPELL_HOME`: what is left of an earlier gateway of it is removed. */
  home: string;
  /** Where it is noted which groups there are. */
  folder: string;
  /** The value of `SPELL_LIMITS`: `watch` uses no control groups also where there are some. For tests, and for who knows better. */
  forced: string | undefined;
  /** A line for the log. */
  say: (line: string) => void;
}

/** Keeps pods within their limits on this machine: by control groups where this user may make some, else by watching. */
export async function confineLocally(options: LocalConfinementOptions): Promise<Confinement & { enforcement: LimitsEnforcement }> {
  const { folder, forced, say } = options;
  await removeLeftGroups(folder, say);
  const place = forced === 'watch' ? 'SPELL_LIMITS=watch says so' : await here();
  if (typeof place === 'string') {
    say(`limits of pods are watched, not enforced: ${place}`);
    return {
      enforcement: { by: 'watching', why: place },
      enclose: (pod) => (isLimited(pod.settings) ? watched(pod) : null),
      close: async () => {},
    };
  }
  const cgroups = new Cgroups(place, groupName(options.home));
  let noted: Promise<void> | undefined;
  return {
    enforcement: { by: 'cgroups', why: null },
    enclose: (pod) => {
      if (!isLimited(pod.settings)) return null;
      noted ??= noteGroups(folder, cgroups.folders);
      return noted.then(() => encloseInCgroup(cgroups, pod)).catch(withoutGroups);
    },
    close: () => removeLeftGroups(folder, say),
  };
}

function withoutGroups(error: Error): never {
  throw new ConfinementError(error.message, 'SPELL_LIMITS=watch in the environment of the control plane does without control groups');
}

function isLimited(settings: EffectiveSettings): boolean {
  return settings['ram-limit'] !== undefined || settings['cpu-limit'] !== undefined;
}

async function here(): Promise<CgroupPlace | string> {
  const own = await readFile('/proc/self/cgroup', 'utf8').catch(() => undefined);
  return own === undefined ? 'this system has no control groups' : findCgroupPlace('/sys/fs/cgroup', own);
}

async function watched(pod: Parameters<typeof watchPod>[0]): Promise<Enclosure> {
  return watchPod(pod, system);
}

const system: WatchParts = {
  // Loaded only where it is needed: most gateways watch nothing.
  residentMemory: async (pid) => (await (await import('pidusage')).default(pid)).memory,
  every: (ms, look) => {
    let looking = false;
    const timer = setInterval(() => {
      if (looking) return;
      looking = true;
      void look().finally(() => {
        looking = false;
      });
    }, ms).unref();
    return () => clearInterval(timer);
  },
};

/** Homes share a machine, and may be long. */
function groupName(home: string): string {
  return `spell-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`;
}
