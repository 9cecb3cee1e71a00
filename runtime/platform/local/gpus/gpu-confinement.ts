import { shownGpus } from '../../../api/shown-gpus.ts';
import { type ConfinedPod, type Confinement, ConfinementError, type Enclosure } from '../../../serving/pool/confinement.ts';

/**
 * Gives each pod as many GPUs as its `gpu-limit` says, to itself, and takes them back when none of its processes is left. A pod that
 * asks for none sees none, unless its own `env` says otherwise, or it is known that there are none to be had. Everything else is for
 * `others` to keep. Only a pod that asks for some waits until they are found, and cannot be held where that fails; `found` says which
 * there are.
 */
export function confineToGpus(
  find: (closed: AbortSignal) => Promise<readonly number[]>,
  others: Confinement,
): Confinement & { found: Promise<readonly number[]> } {
  const closed = new AbortController();
  const free = new Set<number>();
  let areNone = false;
  const found = find(closed.signal).then((all) => {
    for (const gpu of all) free.add(gpu);
    areNone = all.length === 0;
    return all;
  });
  const take = async (count: number, unwanted: AbortSignal): Promise<number[]> => {
    const lacks = (why: string): ConfinementError => new ConfinementError(`it needs ${shownGpus(count)}, and ${why}`, hint);
    const all = await unlessAborted(found, unwanted).catch((error: Error) => {
      throw lacks(error.message);
    });
    if (count > free.size) throw lacks(`of ${shownGpus(all.length)} that this machine has ${free.size} are free`);
    const taken = [...free].sort((a, b) => a - b).slice(0, count);
    for (const gpu of taken) free.delete(gpu);
    return taken;
  };
  const giveBack = (taken: number[]): void => {
    for (const gpu of taken.splice(0)) free.add(gpu);
  };
  const encloseWith = async (pod: ConfinedPod, count: number): Promise<Enclosure> => {
    const taken = count === 0 ? [] : await take(count, pod.unwanted);
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
    found,
    enclose: (pod) => {
      const count = pod.settings['gpu-limit'] ?? 0;
      const choosesItself = pod.settings.env?.CUDA_VISIBLE_DEVICES !== undefined;
      return count > 0 || !(areNone || choosesItself) ? encloseWith(pod, count) : others.enclose(pod);
    },
    close: () => {
      closed.abort();
      return others.close();
    },
  };
}

const hint = 'see what `nvidia-smi` prints on this machine: it is asked again after `spell down`; without --gpu-limit a pod needs no GPU';

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([promise, aborted]);
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
