import { causeNames } from '../../api/causes.ts';
import { releaseReasons, type StageName, stageNames } from '../../api/traffic.ts';
import { type BatchMetrics, sizeBounds } from './batch-metrics.ts';
import type { ServerTraffic } from './server-traffic.ts';

/**
 * Upper bounds of the durations' buckets, in microseconds: powers of two from 0.25 ms to 67 s. There the buckets of
 * `api/histogram.ts` begin, so the counts are exact.
 */
const boundsUs: readonly number[] = Array.from({ length: 19 }, (_, index) => 2 ** (index + 8));

/** One model server's numbers, as {@link exposition} wants them. */
export interface MetricsSource {
  owner: string;
  name: string;
  traffic: ServerTraffic;
  queueDepth: number;
}

/** The samples of one metric, below its two comment lines. */
interface Family {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  samples: string[];
}

/**
 * The gateway's numbers in Prometheus's text format, version 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). Names and label values here need no escaping: the
 * rules for names of owners, model servers and pods allow no quote, backslash or line feed.
 */
export function exposition(sources: readonly MetricsSource[], inFlight: number): string {
  const requests = family(
    'spell_requests_total',
    'counter',
    'Requests by the pod that took them (none: empty) and the status of their answer.',
  );
  const causes = family('spell_request_causes_total', 'counter', 'Requests by why they ended as they did.');
  const durations = family('spell_request_duration_seconds', 'histogram', 'From a request’s headers to its answer.');
  const stages = family(
    'spell_request_stage_seconds',
    'histogram',
    'Stages of a request: it waits, is prepared, is predicted, and is answered.',
  );
  const depths = family('spell_queue_depth', 'gauge', 'Requests that wait for a worker.');
  const sizes = family('spell_batch_size', 'histogram', 'Requests of a batch, of model servers that batch.');
  const releases = family(
    'spell_batches_total',
    'counter',
    'Batches by the reason why each began: it was full, a worker was free, its window was over, its pod drained.',
  );
  const held = family('spell_requests_in_flight', 'gauge', 'Requests that the gateway holds at any stage, of all model servers.');
  for (const { owner, name, traffic, queueDepth } of sources) {
    const server = `owner="${owner}",server="${name}"`;
    for (const { pod, byStatus } of traffic.pods) {
      for (const [status, byCause] of byStatus) {
        const count = byCause.values().reduce((sum, each) => sum + each, 0);
        requests.samples.push(`spell_requests_total{${server},pod="${pod}",status="${status}"} ${count}`);
      }
    }
    const byCause = traffic.byCause();
    for (const cause of causeNames) {
      const count = byCause.get(cause);
      if (count !== undefined) causes.samples.push(`spell_request_causes_total{${server},cause="${cause}"} ${count}`);
    }
    durations.samples.push(...durationSamples(durations.name, server, traffic, 'total'));
    for (const stage of stageNames) {
      if (stage !== 'total') stages.samples.push(...durationSamples(stages.name, `${server},stage="${stage}"`, traffic, stage));
    }
    depths.samples.push(`spell_queue_depth{${server}} ${queueDepth}`);
    if (traffic.batches.count > 0) {
      sizes.samples.push(...batchSizes(server, traffic.batches));
      for (const reason of releaseReasons) {
        releases.samples.push(`spell_batches_total{${server},reason="${reason}"} ${traffic.batches.byReason[reason]}`);
      }
    }
  }
  held.samples.push(`spell_requests_in_flight ${inFlight}`);
  const families = [requests, causes, durations, stages, depths, sizes, releases, held];
  return `${families.map(shown).join('\n')}\n`;
}

function family(name: string, type: Family['type'], help: string): Family {
  return { name, type, help, samples: [] };
}

function shown({ name, type, help, samples }: Family): string {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples].join('\n');
}

function durationSamples(name: string, labels: string, traffic: ServerTraffic, stage: StageName): string[] {
  const histogram = traffic.stage(stage);
  const below = histogram.shorterThan(boundsUs);
  return [
    ...boundsUs.map((bound, index) => `${name}_bucket{${labels},le="${bound / 1e6}"} ${below[index]}`),
    `${name}_bucket{${labels},le="+Inf"} ${histogram.count}`,
    `${name}_sum{${labels}} ${histogram.sumMs / 1000}`,
    `${name}_count{${labels}} ${histogram.count}`,
  ];
}

function batchSizes(server: string, batches: BatchMetrics): string[] {
  let total = 0;
  const buckets = [...batches.bySize].map((count, index) => {
    total += count;
    return `spell_batch_size_bucket{${server},le="${sizeBounds[index] ?? '+Inf'}"} ${total}`;
  });
  return [...buckets, `spell_batch_size_sum{${server}} ${batches.sizeSum}`, `spell_batch_size_count{${server}} ${batches.count}`];
}
