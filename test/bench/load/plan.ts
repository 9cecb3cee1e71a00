/** Where the request's number goes in {@link LoadPlan.body}; it has nine digits, so that every body has the same size. */
export const idPlace = '#########';

/** A request whose number is this or greater is one that the predictors of the benchmarks raise for. */
export const firstPoison = 900_000_000;
export const firstInnocent = 100_000_000;

/** What the load generator is to do. */
export interface LoadPlan {
  url: string;
  /** What each request posts, with {@link idPlace} in it: an answer is right if it contains the same number. */
  body: string;
  loop: Loop;
  /** 0.05: one request in twenty is poison, at random. */
  poison?: number;
}

export type Loop =
  /** Each connection sends, waits for its answer, and sends again; one that is refused waits and tries again. */
  | { kind: 'closed'; connections: number; warmupMs: number; durationMs: number; retryAfterMs?: number }
  /** The same until so many are answered right: for what has to be a number of requests, whatever the speed. */
  | { kind: 'count'; connections: number; requests: number }
  /** Requests come when they come (Poisson), whether or not earlier ones were answered: on as many connections as that takes. */
  | { kind: 'open'; perSecond: number; warmupMs: number; durationMs: number }
  /** A request each 1/perSecond, as exact as sleeping can be, on one connection; on another while the answer before is late. */
  | { kind: 'paced'; perSecond: number; warmupMs: number; durationMs: number }
  /** All connections are open, then all send once; a share of them hangs up. Again after a pause, for so many waves. */
  | { kind: 'waves'; connections: number; waves: number; pauseMs: number; hangUp: { share: number; afterMs: number } };

/** What came of it. Latencies are of right answers; those of the open loops begin when the request was due. */
export interface LoadResult {
  /** Right answers a second, in the time that was measured. */
  requestsPerSecond: number;
  /** All right answers, those of the warm-up included. */
  answered: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Only while the machine's host took nothing from us: of the `paced` loop, in pieces of half a second. */
  calm?: { seconds: number; p50Ms: number; p99Ms: number };
  /** The longest time between two right answers. */
  longestGapMs: number;
  /** When the last right answer came, by the clock on the wall (milliseconds). */
  lastAnswerAt: number;
  /** Requests that deserved an answer and got another one, or none. */
  wrong: number;
  /** Poisonous ones that were answered by an error, as they should, and those that were not. */
  poison: { failed: number; passed: number };
  /** Answers 429 and 503. */
  refused: { count: number; withRetryAfter: number; p99Ms: number; maxMs: number; within50Ms: number };
  /** How many answers had which status; 0: the connection ended instead. */
  statuses: Record<string, number>;
  /** The numbers of requests whose client hung up, and when it did, by the clock on the wall. */
  hungUp: { id: number; at: number }[];
}
