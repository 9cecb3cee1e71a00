import type { Settings } from '../../api/settings.ts';

/** What a pod asks for before it may start; 0: nothing. */
export interface PodNeeds {
  cpus: number;
  memoryBytes: number;
  gpus: number;
}

export const noNeeds: PodNeeds = { cpus: 0, memoryBytes: 0, gpus: 0 };

/** Only what was asked for explicitly counts (`spec/behaviour.md` §4): the default of `cpu-request` is a denominator and nothing else. */
export function needsOf(said: Settings): PodNeeds {
  return { cpus: said['cpu-request'] ?? 0, memoryBytes: said['ram-request'] ?? 0, gpus: said['gpu-limit'] ?? 0 };
}

export function times({ cpus, memoryBytes, gpus }: PodNeeds, pods: number): PodNeeds {
  return { cpus: cpus * pods, memoryBytes: memoryBytes * pods, gpus: gpus * pods };
}

export function plus(a: PodNeeds, b: PodNeeds): PodNeeds {
  return { cpus: a.cpus + b.cpus, memoryBytes: a.memoryBytes + b.memoryBytes, gpus: a.gpus + b.gpus };
}

/** Such pods need no place. */
export function isNothing({ cpus, memoryBytes, gpus }: PodNeeds): boolean {
  return cpus === 0 && memoryBytes === 0 && gpus === 0;
}

/** Sums of fractions are a little off: 0.1 + 0.2 fits into 0.3. */
export function fits(needs: PodNeeds, room: PodNeeds): boolean {
  return lacking(needs, room).length === 0;
}

/** What there is not enough of. What is not asked for is never lacking, however overdrawn it is. */
export function lacking(needs: PodNeeds, room: PodNeeds): (keyof PodNeeds)[] {
  return (['cpus', 'memoryBytes', 'gpus'] as const).filter((key) => needs[key] > 0 && needs[key] > room[key] + 1e-9);
}
