import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { findControlPlane } from '../../runtime/api/connect/find.ts';
import { asSpellError } from '../../runtime/api/errors.ts';
import type { Client } from '../../runtime/api/http/client-types.ts';

/** How long after a lease broke off it is taken anew; the control plane waits for longer than that. */
const againAfterMs = 1000;
/** How often in a row a control plane that does not answer is asked: a busy one may be late, one that was stopped is let go. */
const mostMissed = 5;

/**
 * This process's wish that the control plane of a home ends with it: a connection, which the system breaks off when the
 * process ends, however it does. It has a client of its own, so that what becomes of others does not end it.
 */
export class Lease {
  readonly #home: string;
  readonly #say: (line: string) => void;
  #held: Held | undefined;

  constructor(home: string, say: (line: string) => void) {
    this.#home = home;
    this.#say = say;
  }

  /** Holds it from now on, for as long as a control plane runs. Nothing is started for it. */
  take(): void {
    if (this.#held) {
      this.#held.missed = 0;
      return;
    }
    const held: Held = { holder: randomUUID(), ended: new AbortController(), missed: 0 };
    this.#held = held;
    void this.#hold(held).finally(() => {
      if (this.#held === held) this.#held = undefined;
    });
  }

  /** Goes on without it: nothing ends when this process does. */
  async giveBack(): Promise<void> {
    if (!this.#held) return;
    const { client, holder, ended } = this.#held;
    this.#held = undefined;
    await client?.giveBackLease({ holder }).catch((error: unknown) => this.#say(asSpellError(error).message));
    ended.abort();
  }

  /** Leaves as the end of the process would. */
  dispose(): void {
    this.#held?.ended.abort();
  }

  async #hold(held: Held): Promise<void> {
    const { signal } = held.ended;
    while (!signal.aborted && held.missed < mostMissed) {
      held.missed += 1;
      const found = await findControlPlane(this.#home);
      if (found) {
        held.missed = 0;
        held.client = found.client;
        await this.#connected(found.client, held);
      }
      await delay(againAfterMs, undefined, { signal }).catch(() => {});
    }
  }

  /** Resolves when the connection has ended, by whatever end. */
  async #connected(client: Client, { holder, ended: { signal } }: Held): Promise<void> {
    try {
      if (!signal.aborted) for await (const _ of client.holdLease({ holder, signal }));
    } catch (error) {
      if (!signal.aborted) this.#say(asSpellError(error).message);
    }
    client.close();
  }
}

interface Held {
  /** One for each time that it is taken: what was given back under it is over. */
  holder: string;
  ended: AbortController;
  /** How often in a row no control plane answered. */
  missed: number;
  client?: Client;
}
