import { setTimeout as delay } from 'node:timers/promises';
import { SpellError } from '../errors.ts';
import { findProcesses, isAlive } from '../processes.ts';
import { sweepHome } from '../sweep.ts';
import { findControlPlane } from './find.ts';

/** A control plane that was told to end lets running requests finish; what has not ended by then is ended. */
const drainWithinMs = 120_000;
const saidAfterMs = 2_000;

/**
 * Ends all processes of a home, those too that nobody answers for any more: after this there is no process, no port and
 * no socket file. `onLong` is called once when running
 * requests take a while to finish. Returns whether anything ran.
 */
export async function stopEverything(home: string, onLong: () => void): Promise<boolean> {
  const running = await findControlPlane(home);
  const found = running !== undefined || (await findProcesses(home)).length > 0;
  if (running) {
    const { spelld, gateway } = running.status.processes;
    await running.client.shutdown({ body: {} });
    running.client.close();
    await awaitEnd([spelld, ...(gateway === null ? [] : [gateway])], onLong);
  }
  const { left } = await sweepHome(home);
  if (left.length > 0) {
    const pids = left.map(({ pid }) => pid).join(', ');
    throw new SpellError(
      'internal',
      `these processes cannot be ended: ${pids}`,
      'they are stuck in the system itself; a restart of the machine ends them',
    );
  }
  return found;
}

async function awaitEnd(pids: readonly number[], onLong: () => void): Promise<void> {
  const began = performance.now();
  let said = false;
  while (pids.some(isAlive)) {
    const elapsed = performance.now() - began;
    if (elapsed > drainWithinMs) return;
    if (elapsed > saidAfterMs && !said) {
      onLong();
      said = true;
    }
    await delay(20);
  }
}
