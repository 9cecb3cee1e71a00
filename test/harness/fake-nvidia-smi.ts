import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Puts an `nvidia-smi` into `folder` that knows so many GPUs and prints what NVIDIA's own prints for the questions that are asked
 * of it (`nvidia-smi --help-query-gpu`, CSV without header and units). Returns the `PATH` on which it is found.
 */
export async function fakeNvidiaSmi(folder: string, gpus: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  const rows = (row: (index: number) => string): string => Array.from({ length: gpus }, (_, index) => `echo '${row(index)}'`).join('; ');
  const script = `#!/bin/sh
[ "$2" = --format=csv,noheader,nounits ] || exit 2
case "$1" in
  --query-gpu=index,uuid) ${rows((index) => `${index}, GPU-${index}dc3c1f4-5a6e-4d2b-9f10-8e7a6b5c4d3e`)} ;;
  *) exit 2 ;;
esac
`;
  await writeFile(join(folder, 'nvidia-smi'), script, { mode: 0o755 });
  return `${folder}:${process.env.PATH}`;
}
