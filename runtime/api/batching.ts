import type { Settings } from './settings.ts';

/** What applies while batching is on and nothing was said (`spec/behaviour.md` §3). The timeout is in milliseconds. */
export const batchingDefaults = { maxBatchSize: 100, requestTimeout: 500 } as const;

/** How a model server batches, worked out of its settings. */
export interface Batching {
  policy: 'adaptive' | 'fixed';
  /** Why that policy applies, for people. */
  why: string;
  maxBatchSize: number;
  /** Milliseconds that the first request of a batch waits for company; null with `adaptive`, where none does. */
  requestTimeout: number | null;
  /** Parts of a batch that fails run again, until only the guilty fail. */
  isolation: boolean;
}

/** What a worker has to know of it; part of the START frame. */
export interface BatchingMessage {
  maxSize: number;
  /** Null: nobody waits for company. */
  windowMs: number | null;
  isolation: boolean;
}

/**
 * Whether and how a model server batches. `max-batch-size` or `request-timeout` alone turn it on; an explicit
 * `request-timeout` asks for its window, so it selects `fixed` unless `batch-policy` says otherwise. Therefore these
 * settings have no default in the table: what was said must stay apart from what was not.
 */
export function batchingOf(settings: Settings): Batching | null {
  const enabled = settings['enable-batching'] ?? (settings['max-batch-size'] !== undefined || settings['request-timeout'] !== undefined);
  if (!enabled) return null;
  const policy = settings['batch-policy'] ?? (settings['request-timeout'] === undefined ? 'adaptive' : 'fixed');
  return {
    policy,
    why: whyPolicy(settings),
    maxBatchSize: settings['max-batch-size'] ?? batchingDefaults.maxBatchSize,
    requestTimeout: policy === 'fixed' ? (settings['request-timeout'] ?? batchingDefaults.requestTimeout) : null,
    isolation: settings['batch-isolation'] !== 'off',
  };
}

/** The same for the START frame. */
export function batchingMessage(settings: Settings): BatchingMessage | null {
  const batching = batchingOf(settings);
  return batching && { maxSize: batching.maxBatchSize, windowMs: batching.requestTimeout, isolation: batching.isolation };
}

function whyPolicy(settings: Settings): string {
  if (settings['batch-policy'] !== undefined) return 'batch-policy says so';
  if (settings['request-timeout'] !== undefined)
    return 'request-timeout is set and batch-policy is not: requests wait that long for company';
  return 'request-timeout is not set: a free worker takes what waits, and nothing waits for company';
}
