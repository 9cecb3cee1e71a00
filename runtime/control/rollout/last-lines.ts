import type { Platform, ServerKey } from '../../platform/platform.ts';

/** How many lines are kept, and how long a platform may take to send them. */
const keptLines = 20;
const patienceMs = 2000;

/** The last lines that a pod printed; those that came in time, where the platform is slow. */
export async function lastLines(platform: Platform, { owner, name }: ServerKey, pod: string): Promise<string[]> {
  const signal = AbortSignal.timeout(patienceMs);
  const lines: string[] = [];
  const read = async (): Promise<void> => {
    for await (const line of platform.logs({ owner, name, pod, tail: keptLines, signal })) lines.push(line.text);
  };
  const late = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  await Promise.race([read(), late]);
  return lines;
}
