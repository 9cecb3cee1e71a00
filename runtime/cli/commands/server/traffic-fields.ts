import { shownMs } from '../../../api/shown-ms.ts';
import { releaseReasons, stageNames, type TrafficSummary } from '../../../api/traffic.ts';
import type { Field } from '../../terminal/fields.ts';
import { align } from '../../terminal/table.ts';

/** What became of a model server's requests, as `describe` shows it. Nothing where nothing was asked. */
export function trafficFields(traffic: TrafficSummary | null): Field[] {
  if (traffic === null) return [];
  const { inFlight, queueDepth, requests, answers, batches } = traffic;
  if (requests === 0 && inFlight === 0) return [];
  return [
    ['In flight', `${inFlight}, of which ${queueDepth} wait for a worker`],
    ['Requests', [`${requests} so far`, ...align(answers.map(({ count, status, cause }) => [String(count), String(status), cause]))]],
    ['Latency', latencyLines(traffic)],
    ...(batches === null ? [] : [['Batches', batchLines(batches)] as const]),
  ];
}

function latencyLines({ stages }: TrafficSummary): string[] {
  const rows = stageNames.flatMap((stage) => {
    const told = stages[stage];
    if (told === null) return [];
    return [
      [stage, told.meanMs, told.p50Ms, told.p90Ms, told.p95Ms, told.p99Ms].map((cell) => (typeof cell === 'number' ? shownMs(cell) : cell)),
    ];
  });
  return rows.length === 0 ? ['-'] : align([['ms', 'mean', 'p50', 'p90', 'p95', 'p99'], ...rows]);
}

function batchLines({ count, meanSize, reasons }: NonNullable<TrafficSummary['batches']>): string[] {
  const why = releaseReasons.filter((reason) => reasons[reason] > 0).map((reason) => `${reason} ${reasons[reason]}`);
  return [`${count} of ${meanSize.toFixed(1)} requests on average`, `began because: ${why.join(', ')}`];
}
