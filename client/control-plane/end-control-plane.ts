import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '../../runtime/api/connect/find.ts';
import { SpellError } from '../../runtime/api/errors.ts';
import { isAlive } from '../../runtime/api/processes.ts';

const endWithinMs = 10_000;

/** Ends `spelld` alone: the gateway goes on answering, and waits for the next one. Resolves when its process is gone. */
export async function endControlPlaneAlone({ client, status }: Connection): Promise<void> {
  const { spelld } = status.processes;
  await client.shutdown({ body: { keep: true } });
  const deadline = performance.now() + endWithinMs;
  while (isAlive(spelld)) {
    if (performance.now() > deadline) {
      throw new SpellError('internal', `the control plane (process ${spelld}) was asked to end and has not`, 'stop everything: spell down');
    }
    await delay(20);
  }
}
