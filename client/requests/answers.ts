import type { ModelServerTarget } from '../contributions.ts';
import { Emitter, type Event } from '../emitter.ts';
import { modelServerKey } from '../inventory/inventory.ts';
import type { Sent } from './send.ts';

/** The last request to each model server and what came of it, with the whole body, until nobody looks at it any more. */
export class Answers {
  readonly #last = new Map<string, Sent>();
  readonly #changed = new Emitter<ModelServerTarget>();
  readonly onDidChange: Event<ModelServerTarget> = this.#changed.event;

  of(target: ModelServerTarget): Sent | undefined {
    return this.#last.get(modelServerKey(target));
  }

  keep(sent: Sent): void {
    this.#last.set(modelServerKey(sent.target), sent);
    this.#changed.fire(sent.target);
  }

  forget(target: ModelServerTarget): void {
    this.#last.delete(modelServerKey(target));
  }
}
