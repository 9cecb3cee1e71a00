/** What a subscription returns; the editor's own disposables have the same shape. */
export interface Subscription {
  dispose(): void;
}

/** A function that subscribes; assignable to the editor's `Event<T>`. */
export type Event<T> = (listener: (value: T) => unknown) => Subscription;

/** Tells its listeners of something. The editor's own emitter would bind every class that has news to the `vscode` module. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => unknown>();

  readonly event: Event<T> = (listener) => {
    // A subscription of its own for every call, also for a function that listens twice.
    const own = (value: T): unknown => listener(value);
    this.#listeners.add(own);
    return { dispose: () => void this.#listeners.delete(own) };
  };

  /** Calls every listener, in the order in which they came. */
  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
}
