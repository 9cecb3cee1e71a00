import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Puts an `nvidia-smi` into `folder` that knows so many GPUs and prints what NVIDIA's own prints for the questions that are asked
 * of it (`nvidia-smi --help-query-gpu`, CSV without header and units). Each uses 1 GiB more than the one before it, and the last
 * cannot tell how busy it is. Questions are noted in `asked`, a line each. Returns the `PATH` on which it is found.
 */
export async function fakeNvidiaSmi(folder: string, gpus: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  const rows = (row: (index: number) => string): string => Array.from({ length: gpus }, (_, index) => `echo '${row(index)}'`).join('; ');
  const busy = (index: number): string => (index < gpus - 1 ? '60' : '[N/A]');
  const script = `#!/bin/sh
echo "$1" >> '${join(folder, 'asked')}'
[ "$2" = --format=csv,noheader,nounits ] || exit 2
case "$1" in
  --query-gpu=index,uuid) ${rows((index) => `${index}, GPU-${index}dc3c1f4-5a6e-4d2b-9f10-8e7a6b5c4d3e`)} ;;
  --query-gpu=index,memory.used,utilization.gpu) ${rows((index) => `${index}, ${1024 * (index + 1)}, ${busy(index)}`)} ;;
  *) exit 2 ;;
esac
`;
  await writeFile(join(folder, 'nvidia-smi'), script, { mode: 0o755 });
  return `${folder}:${process.env.PATH}`;
}
