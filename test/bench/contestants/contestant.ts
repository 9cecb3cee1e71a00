/** What a contestant is to serve. */
export interface Work {
  /**
   * `echo`: the payload comes back. `batches`: it comes back after the time of its batch (`workload.py`), at most 32 of
   * them together.
   */
  kind: 'echo' | 'batches';
  /** So many may wait; one more shall be refused, by those who can refuse. */
  maxWaiting?: number;
  /** A file that gets a line for each batch that the predictor sees: when it began, and the numbers of its requests. */
  seenFile?: string;
}

/** Something that answers predictions over HTTP. */
export interface Contestant {
  name: string;
  /** Starts it, and returns when it answers. */
  start(work: Work): Promise<Running>;
}

export interface Running {
  url: string;
  /** What it wants to be posted, with the place of the number in it. */
  body: string;
  /** The processes that answer: the whole of a peer, or our gateway and its worker. */
  pids: number[];
  stop(): Promise<void>;
}

export const maxBatchSize = 32;

/** Requests a second that batches of {@link maxBatchSize} can answer at most, by the cost model of `workload.py`. */
export const limitPerSecond: number = maxBatchSize / (0.01 + 0.0005 * maxBatchSize);

/** A payload as small as predictions often are; nine signs hold its number's place. */
export const payload: string = '{"values":[5.1,3.5,1.4,0.2],"name":"setosa","id":#########}';
