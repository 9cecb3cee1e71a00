import { queryGpus } from './nvidia-smi.ts';
import { leavesNone, visibleGpus } from './visible-gpus.ts';

/**
 * The GPUs of this machine that pods may have, by the index that `nvidia-smi` gives them; none where it is not there. Those that
 * this process's own `CUDA_VISIBLE_DEVICES` keeps from it are somebody else's. A driver that sleeps may answer late: it is waited
 * for until the signal aborts. Rejects with the words of `nvidia-smi` when that fails.
 */
export async function findGpus(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number[]> {
  const said = env.CUDA_VISIBLE_DEVICES;
  if (leavesNone(said)) return [];
  const found = await queryGpus(['uuid'], env, { signal });
  return visibleGpus(
    found.map(({ index, values: [uuid = ''] }) => ({ index, uuid })),
    said,
  );
}
