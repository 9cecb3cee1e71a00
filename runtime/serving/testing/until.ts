import { setImmediate as turn } from 'node:timers/promises';

/**
 * Waits until the check is truthy, looking once in each turn of the event loop; fails after `withinMs`. For what real
 * sockets bring, which no fake clock moves.
 */
export async function until(check: () => unknown, what: string, withinMs: number = 5000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!check()) {
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms for ${what}`);
    await turn();
  }
}
