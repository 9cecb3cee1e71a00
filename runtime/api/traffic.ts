import * as z from 'zod/mini';
import { type Cause, causeNames } from './causes.ts';
import { histogram } from './histogram.ts';

/** Why a batch began when it did: it was full, its predictor was free, its window was over, its pod drains. */
export const releaseReasons = ['full', 'worker-free', 'timeout', 'drain'] as const;
export type ReleaseReason = (typeof releaseReasons)[number];

/**
 * The stages of a request, from the moment at which its body is complete. `queue`: in the gateway's queue and, until its
 * `predict`, in a worker; `reply`: from the result to the client's socket; `total` counts from its headers.
 */
export const stageNames = ['total', 'queue', 'prepare', 'predict', 'reply'] as const;
export type StageName = (typeof stageNames)[number];

const cause = z.enum(causeNames as [Cause, ...Cause[]]);
const stages = z.object({ total: histogram, queue: histogram, prepare: histogram, predict: histogram, reply: histogram });

/** The predictions of one pod that ended, or of no pod. Exact counts, and histograms that can be added up. */
export const podTraffic = z.object({
  /** Null: those that no pod took (refused, expired or left before), and those of pods that are gone. */
  pod: z.nullable(z.string()),
  answers: z.array(z.object({ status: z.int(), cause, count: z.int() })),
  stages,
});
export type PodTraffic = z.infer<typeof podTraffic>;

/** What one model server's endpoint did since it is there, whole, as a platform sees it. */
export const observedTraffic = z.object({
  /** Requests that wait for a worker. */
  queueDepth: z.int(),
  /** Requests that have come and are not answered, those that wait included. */
  inFlight: z.int(),
  pods: z.array(podTraffic),
  batches: z.object({
    count: z.int(),
    /** Requests in all of them. */
    requests: z.int(),
    /** Counts by size, of batches of at most so many requests that the entry before does not count; null: any number. */
    sizes: z.array(z.object({ atMost: z.nullable(z.int()), count: z.int() })),
    reasons: z.object({ full: z.int(), 'worker-free': z.int(), timeout: z.int(), drain: z.int() }),
  }),
  /** Whether its predictor has metrics of its own. */
  userMetrics: z.optional(z.boolean()),
});
export type ObservedTraffic = z.infer<typeof observedTraffic>;

/** How many predictions of some pods ended, however. */
export function endedRequests(pods: readonly PodTraffic[]): number {
  return pods.flatMap(({ answers }) => answers).reduce((sum, { count }) => sum + count, 0);
}

const milliseconds = z.nullable(z.number());

/** Durations in milliseconds, right within 1 %; null before the first. */
const durations = z.nullable(
  z.object({ count: z.int(), meanMs: z.number(), p50Ms: z.number(), p90Ms: z.number(), p95Ms: z.number(), p99Ms: z.number() }),
);
export type Durations = z.infer<typeof durations>;

/** What one model server's endpoint did since its platform began to count: {@link observedTraffic} of all its pods. */
export const trafficSummary = z.object({
  queueDepth: z.int(),
  inFlight: z.int(),
  /** Predictions that ended, however. */
  requests: z.int(),
  answers: z.array(z.object({ status: z.int(), cause, count: z.int() })),
  stages: z.object({ total: durations, queue: durations, prepare: durations, predict: durations, reply: durations }),
  /** Null before the first batch. */
  batches: z.nullable(z.extend(observedTraffic.shape.batches, { meanSize: z.number() })),
  pods: z.array(z.object({ pod: z.string(), requests: z.int() })),
});
export type TrafficSummary = z.infer<typeof trafficSummary>;

/** One of the last predictions of a model server, with its stages in milliseconds; null where it never came so far. */
export const requestRecord = z.object({
  /** When it ended. */
  time: z.string(),
  /** `x-request-id`. */
  id: z.string(),
  status: z.int(),
  cause,
  /** From its headers to its answer. */
  totalMs: z.number(),
  queueMs: milliseconds,
  prepareMs: milliseconds,
  predictMs: milliseconds,
  replyMs: milliseconds,
  /** How many requests stood before it when its body was complete: in the queue, or in the worker that it went to. */
  ahead: z.int(),
  /** The last batch that it was in ({@link batchRecord}); null where nothing is batched, or none was formed. */
  batch: z.nullable(z.string()),
  pod: z.nullable(z.string()),
  /** The worker's number in the pod. */
  worker: z.nullable(z.int()),
});
export type RequestRecord = z.infer<typeof requestRecord>;

/** One of the last batches of a model server. */
export const batchRecord = z.object({
  /** When it began. */
  time: z.string(),
  /** Unique within its pod: `w0-17`, the 17th batch of worker 0. The log's lines name it. */
  id: z.string(),
  pod: z.string(),
  worker: z.int(),
  size: z.int(),
  reason: z.enum(releaseReasons),
  /** The batch that its requests waited for, since their worker was running it when they came; null where it was free. */
  after: z.nullable(z.string()),
  /** What its requests waited until it began: the one that waited longest, and the one that waited least. */
  waitedMs: z.nullable(z.object({ longest: z.number(), shortest: z.number() })),
  /** How long it ran, as far as it has been answered. */
  predictMs: milliseconds,
  /** It raised, and parts of it ran again until only the guilty failed. */
  isolated: z.boolean(),
  /** What became of its requests so far: `retried` ones go to another worker, because theirs died. */
  outcome: z.object({ running: z.int(), answered: z.int(), failed: z.int(), gone: z.int(), retried: z.int() }),
  /** Their ids, in the order of the batch. */
  requests: z.array(z.string()),
});
export type BatchRecord = z.infer<typeof batchRecord>;

/** What a person wants to be told of a model server's traffic; each is the event of the same name. */
export const incidentTypes = [
  'server.overloaded',
  'server.relieved',
  'request.poisonous',
  'worker.died',
  'worker.out-of-memory',
  'worker.wedged',
] as const;
export type IncidentType = (typeof incidentTypes)[number];

export const incident = z.object({
  /** Given to no other incident of this model server, ever. */
  id: z.string(),
  time: z.string(),
  type: z.enum(incidentTypes),
  /** One sentence for people. */
  message: z.string(),
});
export type Incident = z.infer<typeof incident>;
