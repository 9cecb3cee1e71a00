import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Asks `nvidia-smi` for some fields of each GPU of this machine (`nvidia-smi --help-query-gpu`), numbers without their units.
 * One row for each GPU, its index first; none where there is no such program. Rejects with its own words when it fails, and when it
 * does not answer within `timeout` milliseconds or until `signal` aborts: a driver that has to wake its GPUs first takes seconds.
 */
export async function queryGpus(
  fields: readonly string[],
  env: NodeJS.ProcessEnv,
  patience: { timeout: number } | { signal: AbortSignal },
): Promise<{ index: number; values: string[] }[]> {
  const query = [`--query-gpu=${['index', ...fields].join(',')}`, '--format=csv,noheader,nounits'];
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { env, ...patience, windowsHide: true });
    return rowsOf(stdout);
  } catch (error) {
    const { code, stdout, killed } = error as { code?: unknown; stdout?: string; killed?: boolean };
    if (code === 'ENOENT') return [];
    if (killed || code === 'ABORT_ERR') throw new Error('nvidia-smi does not answer');
    throw new Error(`nvidia-smi fails: ${stdout?.trim().split('\n')[0] || String(error)}`);
  }
}

/** What is no row of numbers is a sentence: a machine without GPUs has `No devices were found`. */
function rowsOf(csv: string): { index: number; values: string[] }[] {
  return csv
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .filter(([first]) => /^\d+$/.test(first ?? ''))
    .map(([index, ...values]) => ({ index: Number(index), values }));
}
