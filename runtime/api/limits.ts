import * as z from 'zod/mini';
import { SpellError } from './errors.ts';
import type { Settings } from './settings.ts';
import { shownCpus } from './shown-cpus.ts';
import { shownGpus } from './shown-gpus.ts';
import { shownSize } from './shown-size.ts';

/** Who keeps pods within their limits: the kernel, or somebody who looks at them now and then. `why` says why not the kernel. */
export const limitsEnforcement = z.object({ by: z.enum(['cgroups', 'watching']), why: z.nullable(z.string()) });
export type LimitsEnforcement = z.infer<typeof limitsEnforcement>;

/** Throws `bad-setting` for a limit below what is requested: such a pod could not even have what it needs. */
export function checkLimits(said: Settings): void {
  const pairs = [
    ['cpu-request', 'cpu-limit', String],
    ['ram-request', 'ram-limit', shownSize],
  ] as const;
  for (const [request, limit, shown] of pairs) {
    const [asked, most] = [said[request], said[limit]];
    if (asked === undefined || most === undefined || most >= asked) continue;
    throw new SpellError(
      'bad-setting',
      `${limit} is ${shown(most)}, less than ${request}, which is ${shown(asked)}`,
      `set both: --${request} N --${limit} M; or let go of one with --unset ${request}`,
    );
  }
}

/** What a pod may use, and how that is kept, for people; none for a pod without limits. */
export function limitLines(settings: Settings, enforcement: LimitsEnforcement | null): string[] {
  const [memory, cpus, gpus = 0] = [settings['ram-limit'], settings['cpu-limit'], settings['gpu-limit']];
  const how = enforcement && ways[enforcement.by];
  const lines = [
    ...(memory === undefined ? [] : [`each pod: ${shownSize(memory)} of memory${how ? `, ${how.memory}` : ''}`]),
    ...(cpus === undefined ? [] : [`each pod: ${shownCpus(cpus)}${how ? `, ${how.cpu}` : ''}`]),
  ];
  const why = enforcement?.why ?? null;
  return [
    ...lines,
    ...(lines.length > 0 && why !== null ? [`the kernel does not hold them: ${why}`] : []),
    ...(gpus === 0 ? [] : [`each pod: ${shownGpus(gpus)}, which no other pod has`]),
  ];
}

const ways: Record<LimitsEnforcement['by'], { memory: string; cpu: string }> = {
  cgroups: { memory: 'held by the kernel (control groups)', cpu: 'held by the kernel (control groups)' },
  watching: {
    memory: 'watched: its workers are looked at 4 times a second, and the largest is ended when they have more together',
    cpu: 'only advised: by the thread counts of its libraries, and a lower priority',
  },
};
