import type { SpellEvent } from './events.ts';
import type { StartFailure } from './objects.ts';

/** How a rollout ended. `message` is a sentence; `failure` says where the user's code is to blame. */
export type RolloutOutcome = { ended: 'done' } | { ended: 'failed'; message: string; failure: StartFailure | undefined };

/** Which rollout is waited for. */
export interface AwaitedRollout {
  /** `OWNER/NAME`. */
  object: string;
  revision: number;
}

/** Reads the events of a model server, in order, until they say how a rollout ended. Pure but for what it remembers. */
export class RolloutReader {
  readonly #awaited: AwaitedRollout;
  #switched = false;

  constructor(awaited: AwaitedRollout) {
    this.#awaited = awaited;
  }

  /** Whether an event is about the model server that is waited for. */
  concerns({ object }: SpellEvent): boolean {
    return object === this.#awaited.object;
  }

  /** What an event says of the end; `undefined` while the rollout goes on. */
  read(event: SpellEvent): RolloutOutcome | undefined {
    if (!this.concerns(event)) return undefined;
    const ours = event.data?.revision === this.#awaited.revision;
    switch (event.type) {
      case 'rollout.succeeded':
        return ours ? { ended: 'done' } : undefined;
      case 'rollout.switched':
        this.#switched ||= ours;
        return undefined;
      case 'rollout.started':
        // The next rollout takes over what is left to drain: ours answers, and will not be heard of again.
        return this.#switched ? { ended: 'done' } : undefined;
      case 'rollout.failed':
        return ours ? { ended: 'failed', message: event.message, failure: event.data?.failure as StartFailure | undefined } : undefined;
      case 'rollout.superseded':
        return ours ? { ended: 'failed', message: event.message, failure: undefined } : undefined;
      case 'server.stopped':
      case 'server.removed':
        return { ended: 'failed', message: `the model server was ${event.type.slice('server.'.length)} meanwhile`, failure: undefined };
      default:
        return undefined;
    }
  }
}
