import { seriesText } from '../../api/series-text.ts';
import type { PodUserMetrics, UserSample } from '../../api/user-metrics.ts';
import type { MetricsReport } from '../wire/frames.ts';
import { whyLeftOut } from './user-exposition.ts';
import { additive } from './user-metrics.ts';

/** So many numbers of a pod are told to who keeps them, none with a longer name. Prometheus gets all. */
const mostSamples = 200;
const longestText = 300;

/**
 * The numbers of one pod that are worth keeping, from what its processes reported (`mergeReports`). A gauge of each process stays one of
 * each; buckets of histograms are for Prometheus alone, and so is what is no number.
 */
export function samplesOf(report: MetricsReport): Omit<PodUserMetrics, 'pod'> {
  const all = report
    .filter(([name]) => whyLeftOut(name) === null)
    .flatMap(([, kind, , samples]) =>
      samples.flatMap(([name, labels, value, sentAt]): UserSample[] => {
        if (typeof value !== 'number' || (kind === 'histogram' && name.endsWith('_bucket'))) return [];
        if (additive.has(kind)) return [{ name, labels, type: 'counter', value, sentAt: null }];
        const { worker: _, ...own } = labels;
        return [{ name, labels: sentAt === null ? own : labels, type: 'gauge', value, sentAt }];
      }),
    );
  const samples = all.filter((sample) => seriesText(sample).length <= longestText).slice(0, mostSamples);
  return { samples, leftOut: all.length - samples.length };
}
