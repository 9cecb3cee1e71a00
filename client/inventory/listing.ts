import { asSpellError, SpellError } from '../../runtime/api/errors.ts';
import { Emitter, type Event } from '../emitter.ts';

/** How the reading of a list stands. `filled` and `empty`: it was read. */
export type ListingState = 'unread' | 'reading' | 'empty' | 'filled' | 'failed';

export interface ListingSource<T> {
  list(signal: AbortSignal): Promise<T[]>;
  /** One thing in all detail; rejects with `not-found` when it is gone. */
  one(key: string, signal: AbortSignal): Promise<T>;
  keyOf(thing: T): string;
}

/** What changed: one thing (added, changed or gone), or the whole list. */
export type ListingChange = { key: string } | { all: true };

/** A burst of events about one thing is one question. */
const gatherMs = 50;
/** A list that has not come by then is said not to have come. */
const readWithinMs = 20_000;
const atOnce = 8;
/** Made once: a comparison that brings its own rules takes ten times as long, which thousands of things would show. */
const order = new Intl.Collator('en', { numeric: true });

/** One kind of thing that a control plane has, as it was read last. Later readings of one thing are as a description of it: more detailed. */
export class Listing<T> {
  readonly #source: ListingSource<T>;
  readonly #changed = new Emitter<ListingChange>();
  readonly #marked = new Set<string>();
  #allMarked = false;
  #items = new Map<string, T>();
  /** The keys in their order; undefined when one came or went since they were last wanted. */
  #sorted: string[] | undefined;
  #state: ListingState = 'unread';
  #error: SpellError | undefined;
  #timer: NodeJS.Timeout | undefined;
  #detailing: Promise<unknown> | undefined;
  /** Readings come one after the other: an older answer never replaces a newer one. */
  #last: Promise<unknown> = Promise.resolve();

  readonly onDidChange: Event<ListingChange> = this.#changed.event;

  constructor(source: ListingSource<T>) {
    this.#source = source;
  }

  get state(): ListingState {
    return this.#state;
  }

  /** Why it could not be read. */
  get error(): SpellError | undefined {
    return this.#error;
  }

  /** In the order of their keys. */
  get items(): T[] {
    this.#sorted ??= [...this.#items.keys()].sort(order.compare);
    return this.#sorted.map((key) => this.#items.get(key) as T);
  }

  get(key: string): T | undefined {
    return this.#items.get(key);
  }

  /** Reads everything anew. Never rejects: `state` and `error` tell how it went. What was read before stays until then. */
  read(): Promise<void> {
    return this.#inOrder(async () => {
      this.#marked.clear();
      this.#allMarked = false;
      if (this.#state !== 'filled' && this.#state !== 'empty') this.#settle('reading');
      try {
        const list = await timed((signal) => this.#source.list(signal));
        this.#items = new Map(list.map((thing) => [this.#source.keyOf(thing), thing]));
        this.#sorted = undefined;
        this.#settle(list.length === 0 ? 'empty' : 'filled');
      } catch (error) {
        this.#settle('failed', asSpellError(error));
      }
    });
  }

  /** Reads one thing in all detail, at once. Never rejects; resolves with the thing, or undefined when it is gone or could not be read. */
  async refresh(key: string): Promise<T | undefined> {
    await this.#inOrder(() => this.#readOne(key));
    return this.#items.get(key);
  }

  /** One thing in all detail: it is asked about unless that was read, or is read with others by the time it is its turn. Never rejects. */
  async detail<D extends T>(key: string, isDetailed: (thing: T) => thing is D): Promise<D | undefined> {
    if (!this.#isKnown(key, isDetailed)) await this.#inOrder(async () => this.#isKnown(key, isDetailed) || this.#readOne(key));
    const thing = this.#items.get(key);
    return thing !== undefined && isDetailed(thing) ? thing : undefined;
  }

  /**
   * Every thing of the list, in all detail. Each that was not read so is asked about once, however many want to know at the same
   * time: what one question tells makes all of them ask again. One that cannot be read is left out. Never rejects.
   */
  async detailed<D extends T>(isDetailed: (thing: T) => thing is D): Promise<D[]> {
    this.#detailing ??= this.#readWithout(isDetailed).finally(() => {
      this.#detailing = undefined;
    });
    await this.#detailing;
    return this.items.filter(isDetailed);
  }

  /**
   * Something happened to a thing: it is read soon, together with others. Nothing happens while the list was not read; where that
   * failed, all of it is read anew, because one thing that can be read does not make a list.
   */
  mark(key: string): void {
    if (this.#state === 'unread') return;
    this.#marked.add(key);
    this.#readSoon();
  }

  /** Something happened that may concern any of them: all of it is read anew soon, together with what else happens. Nothing while it was not read. */
  markAll(): void {
    if (this.#state === 'unread') return;
    this.#allMarked = true;
    this.#readSoon();
  }

  /** Whoever was there is gone: what was read is not true any more. */
  forget(): void {
    this.#marked.clear();
    this.#allMarked = false;
    this.#items.clear();
    this.#sorted = undefined;
    this.#settle('unread');
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #readSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void (this.#allMarked || this.#state === 'failed' ? this.read() : this.#inOrder(() => this.#readMarked()));
    }, gatherMs);
  }

  async #readMarked(): Promise<void> {
    const keys = [...this.#marked];
    this.#marked.clear();
    for (const some of inBatches(keys)) await this.#readAll(some);
  }

  /** Who looks at one thing meanwhile waits for a few others and not for all. */
  async #readWithout(isDetailed: (thing: T) => boolean): Promise<void> {
    await this.#last;
    const keys = [...this.#items].filter(([, thing]) => !isDetailed(thing)).map(([key]) => key);
    // Somebody may have looked at one meanwhile.
    const left = (some: string[]): string[] => some.filter((key) => !this.#isKnown(key, isDetailed));
    for (const some of inBatches(keys)) await this.#inOrder(() => this.#readAll(left(some)));
  }

  #isKnown(key: string, isDetailed: (thing: T) => boolean): boolean {
    const thing = this.#items.get(key);
    return thing !== undefined && isDetailed(thing);
  }

  async #readAll(keys: string[]): Promise<void> {
    await Promise.all(keys.map((key) => this.#readOne(key)));
  }

  async #readOne(key: string): Promise<void> {
    try {
      const thing = await timed((signal) => this.#source.one(key, signal));
      const isNew = !this.#items.has(key);
      this.#items.set(key, thing);
      this.#told(key, isNew);
    } catch (error) {
      // What cannot be read now keeps its last state; the connection's own state says why.
      if (!(error instanceof SpellError) || error.code !== 'not-found') return;
      if (this.#items.delete(key)) this.#told(key, true);
    }
  }

  #told(key: string, listChanged: boolean): void {
    if (listChanged) this.#sorted = undefined;
    if (this.#state === 'filled' || this.#state === 'empty') this.#state = this.#items.size === 0 ? 'empty' : 'filled';
    this.#changed.fire(listChanged ? { all: true } : { key });
  }

  #settle(state: ListingState, error?: SpellError): void {
    this.#state = state;
    this.#error = error;
    this.#changed.fire({ all: true });
  }

  #inOrder<R>(work: () => Promise<R>): Promise<R> {
    const done = this.#last.then(work, work);
    this.#last = done;
    return done;
  }
}

function inBatches(keys: string[]): string[][] {
  return Array.from({ length: Math.ceil(keys.length / atOnce) }, (_, nth) => keys.slice(nth * atOnce, (nth + 1) * atOnce));
}

async function timed<R>(ask: (signal: AbortSignal) => Promise<R>): Promise<R> {
  const signal = AbortSignal.timeout(readWithinMs);
  try {
    return await ask(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new SpellError('unreachable', `the control plane did not answer within ${readWithinMs / 1000} s`, 'try again, or restart it', {
      cause: error,
    });
  }
}
