import { releaseReasons } from '../wire/frames.ts';
import { type BatchMetrics, sizeBounds } from './batch-metrics.ts';
import { durationBoundsMs, type RequestMetrics } from './request-metrics.ts';

/** One model server's numbers, as {@link exposition} wants them. */
export interface MetricsSource {
  owner: string;
  name: string;
  metrics: RequestMetrics;
  queueDepth: number;
}

/**
 * The gateway's numbers in Prometheus's text format, version 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). Names and label values here need no escaping: the
 * rules for names of owners, model servers and pods allow no quote, backslash or line feed.
 */
export function exposition(sources: readonly MetricsSource[], inFlight: number): string {
  const requests: string[] = [];
  const durations: string[] = [];
  const depths: string[] = [];
  const sizes: string[] = [];
  const releases: string[] = [];
  for (const { owner, name, metrics, queueDepth } of sources) {
    const server = `owner="${owner}",server="${name}"`;
    for (const { pod, byStatus } of metrics.pods) {
      for (const [status, count] of byStatus) requests.push(`spell_requests_total{${server},pod="${pod}",status="${status}"} ${count}`);
    }
    let total = 0;
    metrics.buckets.forEach((count, index) => {
      total += count;
      const bound = durationBoundsMs[index];
      const le = bound === undefined ? '+Inf' : String(bound / 1000);
      durations.push(`spell_request_duration_seconds_bucket{${server},le="${le}"} ${total}`);
    });
    durations.push(`spell_request_duration_seconds_sum{${server}} ${metrics.durationSumMs / 1000}`);
    durations.push(`spell_request_duration_seconds_count{${server}} ${total}`);
    depths.push(`spell_queue_depth{${server}} ${queueDepth}`);
    if (metrics.batches.count > 0) {
      sizes.push(...batchSizes(server, metrics.batches));
      for (const reason of releaseReasons) {
        releases.push(`spell_batches_total{${server},reason="${reason}"} ${metrics.batches.byReason[reason]}`);
      }
    }
  }
  return [
    '# HELP spell_requests_total Requests by the pod that took them (none: empty) and the status of their answer.',
    '# TYPE spell_requests_total counter',
    ...requests,
    '# HELP spell_request_duration_seconds From a request’s headers to its answer.',
    '# TYPE spell_request_duration_seconds histogram',
    ...durations,
    '# HELP spell_queue_depth Requests that wait for a worker.',
    '# TYPE spell_queue_depth gauge',
    ...depths,
    '# HELP spell_batch_size Requests of a batch, of model servers that batch.',
    '# TYPE spell_batch_size histogram',
    ...sizes,
    '# HELP spell_batches_total Batches by the reason why each began: it was full, a worker was free, its window was over, its pod drained.',
    '# TYPE spell_batches_total counter',
    ...releases,
    '# HELP spell_requests_in_flight Requests that the gateway holds at any stage, of all model servers.',
    '# TYPE spell_requests_in_flight gauge',
    `spell_requests_in_flight ${inFlight}`,
    '',
  ].join('\n');
}

function batchSizes(server: string, batches: BatchMetrics): string[] {
  let total = 0;
  const buckets = [...batches.bySize].map((count, index) => {
    total += count;
    return `spell_batch_size_bucket{${server},le="${sizeBounds[index] ?? '+Inf'}"} ${total}`;
  });
  return [...buckets, `spell_batch_size_sum{${server}} ${batches.sizeSum}`, `spell_batch_size_count{${server}} ${batches.count}`];
}
