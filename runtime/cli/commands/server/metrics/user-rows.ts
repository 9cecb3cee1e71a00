import type { MetricsPoint } from '../../../../api/objects.ts';
import { seriesOver } from '../../../../api/series-over.ts';
import { shownSeries } from '../../../../api/series-text.ts';
import type { UserSeries } from '../../../../api/user-metrics.ts';
import { sparkline } from '../../../terminal/sparkline.ts';

export const userHeadings: readonly string[] = ['METRIC', 'VALUE', 'OVER TIME'];

/** A row for each number of the predictor's own: how a gauge stands, by how much a counter grew in all steps, and bars. Pure. */
export function userRows(points: readonly MetricsPoint[]): string[][] {
  return seriesOver(points).map(({ series, values }) => {
    const known = values.filter((value) => value !== null);
    const value = series.type === 'counter' ? known.reduce((sum, each) => sum + each, 0) : (known.at(-1) ?? 0);
    return [shownSeries(series), shownValue(series, value), sparkline(values)];
  });
}

/** The same of one step, a piece each: `seen_total=+3`. Pure. */
export function userPieces({ userMetrics, userMetricsLeftOut }: MetricsPoint): string[] {
  const pieces = userMetrics.map((series) => `${shownSeries(series)}=${shownValue(series, series.value)}`);
  return userMetricsLeftOut === 0 ? pieces : [...pieces, `and ${userMetricsLeftOut} more, which are not kept`];
}

function shownValue({ type }: UserSeries, value: number): string {
  return `${type === 'counter' ? '+' : ''}${Number(value.toPrecision(6))}`;
}
