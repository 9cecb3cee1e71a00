import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Puts an `nvidia-smi` into `folder` that knows so many GPUs and prints what NVIDIA's own prints for the questions that are asked
 * of it (`nvidia-smi --help-query-gpu`, CSV without header and units). Each uses 1 GiB more than the one before it, and the last
 * cannot tell how busy it is. Questions are noted in `asked`, a line each. Returns the `PATH` on which it is found. While there is a
 * {@link sleepingDriver} beside it, it does not answer.
 */
export async function fakeNvidiaSmi(folder: string, gpus: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  const rows = (row: (index: number) => string): string => Array.from({ length: gpus }, (_, index) => `echo '${row(index)}'`).join('; ');
  const busy = (index: number): string => (index < gpus - 1 ? '60' : '[N/A]');
  const script = `#!/bin/sh
echo "$1" >> '${join(folder, 'asked')}'
[ ! -p '${join(folder, 'sleeps')}' ] || read -r woken < '${join(folder, 'sleeps')}'
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

/** A driver that sleeps: whoever asks the `nvidia-smi` in `folder` waits until `wake` is called, which waits for the one that asks. */
export async function sleepingDriver(folder: string): Promise<{ wake(): Promise<void> }> {
  await mkdir(folder, { recursive: true });
  const door = join(folder, 'sleeps');
  execFileSync('mkfifo', [door]);
  return {
    wake: async () => {
      await writeFile(door, 'woken\n');
      await rm(door);
    },
  };
}
