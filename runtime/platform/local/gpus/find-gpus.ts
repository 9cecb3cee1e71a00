import { queryGpus } from './nvidia-smi.ts';
import { visibleGpus } from './visible-gpus.ts';

/**
 * The GPUs of this machine that pods may have, by the index that `nvidia-smi` gives them; none where it is not there, or fails,
 * which `say` is told. Those that this process's own `CUDA_VISIBLE_DEVICES` keeps from it are somebody else's.
 */
export async function findGpus(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<number[]> {
  try {
    const found = await queryGpus(['uuid'], env);
    return visibleGpus(
      found.map(({ index, values: [uuid = ''] }) => ({ index, uuid })),
      env.CUDA_VISIBLE_DEVICES,
    );
  } catch (error) {
    say(`no pod gets a GPU: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}
