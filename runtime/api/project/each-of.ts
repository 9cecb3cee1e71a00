/**
 * Does something with every item, at most `limit` at a time, in order of their start. The first failure is thrown, once
 * what was under way has ended; nothing new is begun after it.
 */
export async function eachOf<T>(items: readonly T[], limit: number, act: (item: T, index: number) => Promise<void>): Promise<void> {
  const entries = items.entries();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) {
      if (failures.length > 0) return;
      await act(item, index).catch((error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}
