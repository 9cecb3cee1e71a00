/** Time, handed in wherever something waits, so that a test needs no sleep. */
export interface Clock {
  /** Milliseconds, monotonic, from any beginning. */
  now(): number;
  /** Calls back once after `ms`. Returns what cancels it. */
  after(ms: number, callback: () => void): () => void;
  /** The time of day, for what people read. */
  date(): Date;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  date: () => new Date(),
};
