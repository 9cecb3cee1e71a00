import { type HistogramData, mergeHistograms, quantileMs } from '../../api/histogram.ts';
import { type Durations, endedRequests, type ObservedTraffic, type StageName, stageNames, type TrafficSummary } from '../../api/traffic.ts';

/** What all pods did together, for people: counts stay exact, histograms become quantiles. Pure. */
export function summarizeTraffic({ queueDepth, inFlight, pods, batches }: ObservedTraffic): TrafficSummary {
  const answers = new Map<string, TrafficSummary['answers'][number]>();
  for (const { status, cause, count } of pods.flatMap((pod) => pod.answers)) {
    const key = `${status} ${cause}`;
    answers.set(key, { status, cause, count: (answers.get(key)?.count ?? 0) + count });
  }
  const stages = Object.fromEntries(
    stageNames.map((stage) => [stage, durationsOf(mergeHistograms(pods.map((pod) => pod.stages[stage])))]),
  ) as Record<StageName, Durations>;
  return {
    queueDepth,
    inFlight,
    requests: endedRequests(pods),
    answers: [...answers.values()].sort((a, b) => b.count - a.count),
    stages,
    batches: batches.count === 0 ? null : { ...batches, meanSize: rounded(batches.requests / batches.count) },
    pods: pods.flatMap((each) => (each.pod === null ? [] : [{ pod: each.pod, requests: endedRequests([each]) }])),
  };
}

function durationsOf(histogram: HistogramData): Durations {
  if (histogram.count === 0) return null;
  const at = (part: number): number => rounded(quantileMs(histogram, part) ?? 0);
  const { count, sumMs } = histogram;
  return { count, meanMs: rounded(sumMs / count), p50Ms: at(0.5), p90Ms: at(0.9), p95Ms: at(0.95), p99Ms: at(0.99) };
}

/** Microseconds are as fine as anything here is known. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
