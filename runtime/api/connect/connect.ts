import { setTimeout as delay } from 'node:timers/promises';
import { SpellError } from '../errors.ts';
import { createClient } from '../http/client.ts';
import type { Client } from '../http/client-types.ts';
import { type Connection, findControlPlane } from './find.ts';
import type { StartOptions } from './start.ts';

/** The control plane of this machine: the one that runs, else a new one, which then runs on. */
export async function findOrStart(options: StartOptions): Promise<Connection & { started: boolean }> {
  const found = await findControlPlane(options.home);
  if (found) return { ...found, started: false };
  // Loaded only now: what most commands need is a control plane that runs already.
  const { startControlPlane } = await import('./start.ts');
  const { apiUrl } = await startControlPlane(options);
  const connection = await findControlPlane(options.home);
  if (connection) return { ...connection, started: true };
  throw new SpellError('unreachable', `the control plane said that it is ready at ${apiUrl}, but does not answer there`, 'try again');
}

/**
 * Waits for the control plane of a home to be there again, and never starts one: it comes back by itself when it
 * crashed, and stays away when somebody took it down. Throws `not-running` when the time is over.
 */
export async function awaitReturn(home: string, withinMs: number, signal?: AbortSignal): Promise<Client> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await findControlPlane(home);
    if (found) return found.client;
    if (performance.now() > deadline) {
      throw new SpellError('not-running', 'the control plane went away, and did not come back', 'was it taken down? `spell up` starts it');
    }
    await delay(50, undefined, signal ? { signal } : {});
  }
}

/** The control plane that `SPELL_API_URL` and `SPELL_TOKEN` name. It is not asked anything yet. */
export function connectTo(url: string, token: string | undefined): Client {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new SpellError('usage', `SPELL_API_URL is no address: ${JSON.stringify(url)}`, 'write it as https://HOST:PORT');
  }
  if (!token) throw new SpellError('usage', 'SPELL_API_URL is set, but SPELL_TOKEN is not', 'set SPELL_TOKEN to its token');
  return createClient({ url, token });
}
