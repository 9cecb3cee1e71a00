import { metricsCells, showGpus } from '../../../../api/metrics-cells.ts';
import type { MetricsPoint } from '../../../../api/objects.ts';
import type { Context } from '../../../context.ts';
import { sparkline } from '../../../terminal/sparkline.ts';
import { align, printTable } from '../../../terminal/table.ts';
import { userHeadings, userPieces, userRows } from './user-rows.ts';

const headings = (withGpus: boolean): string[] => [
  ...['UNTIL', 'REQUESTS/S', 'FAILED', 'P50', 'P95', 'P99', 'CPU', 'MEMORY'],
  ...(withGpus ? ['GPU', 'GPU MEMORY'] : []),
  ...['PODS', 'QUEUE'],
];

/** A table of some steps, with bars below, and the predictor's own metrics. */
export function showMetrics({ terminal }: Context, points: readonly MetricsPoint[]): void {
  const withGpus = showGpus(points);
  printTable(
    terminal,
    headings(withGpus),
    points.map((point) => cellsOf(point, withGpus)),
  );
  if (points.length === 0) {
    terminal.say('nothing was measured in this time: the first numbers come some seconds after it is ready');
    return;
  }
  terminal.print('');
  terminal.print(`requests/s  ${sparkline(points.map(({ requestsPerSecond }) => requestsPerSecond))}`);
  terminal.print(`p99         ${sparkline(points.map(({ p99Ms }) => p99Ms))}`);
  const own = userRows(points);
  if (own.length > 0) {
    terminal.print('');
    printTable(terminal, userHeadings, own);
  }
  const leftOut = Math.max(...points.map((point) => point.userMetricsLeftOut));
  if (leftOut > 0) terminal.say(`${leftOut} more of its own metrics are not kept: there are too many of them; Prometheus gets all`);
}

/** One step as a line of its own, where a table cannot wait for its end; the predictor's own metrics stand behind. */
export function showStep({ terminal }: Context, point: MetricsPoint): void {
  const withGpus = showGpus([point]);
  const own = userPieces(point);
  terminal.print(
    align([
      [...headings(withGpus), ...own],
      [...cellsOf(point, withGpus), ...own],
    ])[1] ?? '',
  );
}

function cellsOf(point: MetricsPoint, withGpus: boolean): string[] {
  return [new Date(point.time).toLocaleTimeString('sv'), ...metricsCells(point, withGpus)];
}
