/** Work that several may want at once, by a key: it is done once, all hear of its progress, and it ends when nobody wants it any more. */
export class SharedWork<T> {
  readonly #running = new Map<string, Running<T>>();
  /** The last work of a key, until it is over, also when it was aborted: two never overlap. */
  readonly #ending = new Map<string, Promise<void>>();

  /**
   * Joins the work under way for `key`, or starts it. Rejects with the signal's reason as soon as that aborts; the work
   * itself is aborted only when the last one who wanted it is gone.
   */
  async run(key: string, wanted: Wanted, work: (wanted: Wanted) => Promise<T>): Promise<T> {
    wanted.signal.throwIfAborted();
    const running = this.#running.get(key) ?? this.#start(key, work);
    running.wanted.add(wanted);
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = (): void => {
      running.wanted.delete(wanted);
      if (running.wanted.size === 0) {
        // Whoever comes next starts anew: this one is already on its way out.
        if (this.#running.get(key) === running) this.#running.delete(key);
        running.abort.abort(wanted.signal.reason);
      }
      reject(wanted.signal.reason);
    };
    wanted.signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([running.end, left]);
    } finally {
      wanted.signal.removeEventListener('abort', leave);
      running.wanted.delete(wanted);
    }
  }

  #start(key: string, work: (wanted: Wanted) => Promise<T>): Running<T> {
    const abort = new AbortController();
    const wanted = new Set<Wanted>();
    const former = this.#ending.get(key) ?? Promise.resolve();
    const onProgress = (what: string): void => {
      for (const each of wanted) each.onProgress(what);
    };
    const end = former.then(() => work({ signal: abort.signal, onProgress }));
    const running: Running<T> = { abort, wanted, end };
    this.#running.set(key, running);
    const over = end.then(
      () => undefined,
      () => undefined,
    );
    this.#ending.set(key, over);
    void over.then(() => {
      if (this.#running.get(key) === running) this.#running.delete(key);
      if (this.#ending.get(key) === over) this.#ending.delete(key);
    });
    return running;
  }
}

/** Who wants a piece of work: until the signal aborts, and with whom to tell how far it is. */
export interface Wanted {
  signal: AbortSignal;
  /** In a few words, for people. */
  onProgress: (what: string) => void;
}

interface Running<T> {
  abort: AbortController;
  wanted: Set<Wanted>;
  end: Promise<T>;
}
