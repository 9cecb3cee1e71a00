import type { MetricsReport, MetricsSample } from '../wire/frames.ts';

/** Types whose samples can be added up over processes; of the others each process has a value of its own. */
export const additive: ReadonlySet<string> = new Set(['counter', 'histogram', 'summary']);

/** What one process of a pod said of the predictor's own metrics. */
export interface WorkerReport {
  /** The worker's number in its pod. */
  worker: number;
  report: MetricsReport;
}

/**
 * The metrics of a pod from those of its processes: counts, sums and buckets are added up; of what `send_metric` sent
 * the last value wins; any other gauge stays one of its process, told apart by the label `worker`. `ended` is what
 * processes had counted that are gone, so that a count never falls while its pod is there.
 */
export function mergeReports(reports: readonly WorkerReport[], ended: MetricsReport): MetricsReport {
  const families = new Map<string, { type: string; help: string; samples: Map<string, MetricsSample> }>();
  const add = (report: MetricsReport, worker: number | null): void => {
    for (const [name, type, help, samples] of report) {
      const family = families.get(name) ?? { type, help, samples: new Map() };
      // Workers of one pod run the same code: another type under the same name is a mistake of the user's that has no right answer.
      if (family.type !== type) continue;
      families.set(name, family);
      for (const sample of samples) {
        const placed = additive.has(type) || sample[3] !== null || worker === null ? sample : withLabel(sample, 'worker', String(worker));
        const key = JSON.stringify([placed[0], Object.entries(placed[1]).sort()]);
        family.samples.set(key, combine(family.samples.get(key), placed, type));
      }
    }
  };
  add(ended, null);
  for (const { worker, report } of reports) add(report, worker);
  return [...families].map(([name, { type, help, samples }]) => [name, type, help, [...samples.values()]]);
}

/** What remains of a process that ended: only what can be added up. */
export function countsOf(report: MetricsReport): MetricsReport {
  return report.filter(([, type]) => additive.has(type));
}

function withLabel([name, labels, value, at]: MetricsSample, label: string, text: string): MetricsSample {
  return [name, { ...labels, [label]: text }, value, at];
}

function combine(before: MetricsSample | undefined, sample: MetricsSample, type: string): MetricsSample {
  if (!before) return sample;
  if (!additive.has(type)) return (sample[3] ?? 0) >= (before[3] ?? 0) ? sample : before;
  return [sample[0], sample[1], shownSum(numberOf(before[2]) + numberOf(sample[2])), null];
}

function numberOf(value: MetricsSample[2]): number {
  if (typeof value === 'number') return value;
  return value === 'NaN' ? Number.NaN : value === '+Inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

function shownSum(value: number): MetricsSample[2] {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
