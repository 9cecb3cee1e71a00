import type { MetricsPoint } from '../../../../api/objects.ts';
import { seriesOver } from '../../../../api/series-over.ts';
import { shownSeries } from '../../../../api/series-text.ts';
import { sparkline } from '../../../terminal/sparkline.ts';

export const userHeadings: readonly string[] = ['METRIC', 'VALUE', 'OVER TIME'];

/** A row for each number of the predictor's own: how a gauge stands, by how much a counter grew in all steps, and bars. Pure. */
export function userRows(points: readonly MetricsPoint[]): string[][] {
  return seriesOver(points).map(({ series, values }) => {
    const known = values.filter((value) => value !== null);
    const value = series.type === 'counter' ? `+${shown(known.reduce((sum, each) => sum + each, 0))}` : shown(known.at(-1) ?? 0);
    return [shownSeries(series), value, sparkline(values)];
  });
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}
