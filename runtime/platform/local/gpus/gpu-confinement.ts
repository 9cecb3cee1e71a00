import { shownGpus } from '../../../api/shown-gpus.ts';
import type { ConfinedPod, Confinement, Enclosure } from '../../../serving/pool/confinement.ts';

/**
 * Gives each pod as many GPUs as its `gpu-limit` says, to itself, and takes them back when none of its processes is left. On a
 * machine that has some, a pod that asks for none sees none, unless its own `env` says otherwise. Everything else is for `others` to keep.
 */
export function confineToGpus(gpus: readonly number[], others: Confinement): Confinement {
  const free = new Set(gpus);
  const take = (count: number): number[] => {
    if (count > free.size)
      throw new Error(`it needs ${shownGpus(count)}, and of ${shownGpus(gpus.length)} that this machine has ${free.size} are free`);
    const taken = [...free].sort((a, b) => a - b).slice(0, count);
    for (const gpu of taken) free.delete(gpu);
    return taken;
  };
  const giveBack = (taken: number[]): void => {
    for (const gpu of taken.splice(0)) free.add(gpu);
  };
  const encloseWith = async (pod: ConfinedPod, count: number): Promise<Enclosure> => {
    const taken = take(count);
    try {
      const enclosure = (await others.enclose(pod)) ?? anywhere;
      return {
        ...enclosure,
        gpus: [...taken],
        env: { ...enclosure.env, ...variablesOf(taken) },
        leave: async () => {
          await enclosure.leave();
          giveBack(taken);
        },
      };
    } catch (error) {
      giveBack(taken);
      throw error;
    }
  };
  return {
    enclose: (pod) => {
      const count = pod.settings['gpu-limit'] ?? 0;
      const choosesItself = pod.settings.env?.CUDA_VISIBLE_DEVICES !== undefined;
      return count > 0 || (gpus.length > 0 && !choosesItself) ? encloseWith(pod, count) : others.enclose(pod);
    },
    close: () => others.close(),
  };
}

/** By index, because some libraries read nothing else; CUDA itself would count the fastest first, and not as `nvidia-smi` does. */
function variablesOf(gpus: readonly number[]): Record<string, string> {
  return { CUDA_VISIBLE_DEVICES: gpus.join(','), CUDA_DEVICE_ORDER: 'PCI_BUS_ID' };
}

const anywhere: Enclosure = {
  env: {},
  enter: (command) => [...command],
  started: () => {},
  ended: () => null,
  leave: async () => {},
};
