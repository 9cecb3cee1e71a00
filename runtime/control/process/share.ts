import { setTimeout as delay } from 'node:timers/promises';
import { findControlPlane } from '../../api/connect/find.ts';
import { SpellError } from '../../api/errors.ts';
import type { HomeLayout } from '../../api/home.ts';
import type { Status } from '../../api/objects.ts';
import { type Lock, takeLock } from './lock.ts';

/** How long another control plane may take to answer, or to end. */
const patienceMs = 10_000;
const lookAgainMs = 25;

/**
 * Makes this process the control plane of its home, or finds the one that is: of two starters one gets the lock, the
 * other the status of the first. Throws `start-failed` when the holder of the lock does not answer.
 */
export async function takeHome({ home, lock: file }: HomeLayout): Promise<{ lock: Lock } | { other: Status }> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const lock = takeLock(file);
    if (lock) return { lock };
    const found = await findControlPlane(home);
    if (found) {
      found.client.close();
      return { other: found.status };
    }
    if (performance.now() > deadline) break;
    await delay(lookAgainMs);
  }
  throw new SpellError(
    'start-failed',
    `another control plane holds ${home} and does not answer`,
    'see logs/spelld.log in it; `spell down` ends what is left of it',
  );
}
