import { setTimeout as delay } from 'node:timers/promises';
import { SpellError } from '../errors.ts';
import type { SpellEvent } from '../events.ts';
import type { Client } from './client-types.ts';

export interface FollowOptions {
  client: Client;
  /** The number of the last event that is known; what follows it is told. */
  since: number;
  /** Called when the stream broke or ended: finds the control plane again, or throws when the wait is over. */
  reconnect: () => Promise<Client>;
  signal?: AbortSignal;
}

/**
 * Every event after `since`, each once and in order, over as many connections as it takes: a control plane that ends
 * or is killed in between costs nothing but the wait for the next one. Ends only by `signal` or by `reconnect`.
 */
export async function* followEvents({ client, since, reconnect, signal }: FollowOptions): AsyncGenerator<SpellEvent> {
  let current = client;
  let seen = since;
  for (let quietMs = 0; ; quietMs = Math.min(quietMs + 100, 1000)) {
    try {
      const query = { since: String(seen), follow: 'true' } as const;
      for await (const event of current.events({ query, ...(signal ? { signal } : {}) })) {
        seen = event.seq;
        quietMs = 0;
        yield event;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof SpellError && error.code === 'unreachable')) throw error;
    }
    // A stream that ends again and again without an event must not become a busy loop.
    await delay(quietMs, undefined, signal ? { signal } : {});
    current = await reconnect();
  }
}
