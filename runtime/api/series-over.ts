import type { MetricsPoint } from './objects.ts';
import { seriesText } from './series-text.ts';
import type { UserSeries } from './user-metrics.ts';

/** Every number of the predictor's own that stands in some points, with its value in each; null where it was not known. Pure. */
export function seriesOver(points: readonly MetricsPoint[]): { series: UserSeries; values: (number | null)[] }[] {
  const found = new Map<string, { series: UserSeries; values: (number | null)[] }>();
  for (const [index, { userMetrics }] of points.entries()) {
    for (const series of userMetrics) {
      const text = seriesText(series);
      const one = found.get(text) ?? { series, values: points.map(() => null) };
      one.values[index] = series.value;
      found.set(text, one);
    }
  }
  return [...found.values()];
}
