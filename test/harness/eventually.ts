import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again until the check stops throwing, and returns what it returned. After `withinMs` the check's own
 * last error is thrown. For states of other processes that nothing announces; never for a fixed wait.
 */
export async function eventually<T>(check: () => T | Promise<T>, withinMs: number): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(20);
    }
  }
}
