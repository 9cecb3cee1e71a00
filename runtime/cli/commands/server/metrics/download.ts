import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type MetricsPoint, metricsPoint } from '../../../../api/objects.ts';
import { seriesOver } from '../../../../api/series-over.ts';
import { seriesText } from '../../../../api/series-text.ts';
import { command } from '../../../command.ts';
import { printJson } from '../../../terminal/json.ts';
import { readLength } from './range.ts';

type Column = Exclude<keyof MetricsPoint, 'failures' | 'userMetrics'>;

/** Every number of a point, in the order of the API; what failed is told by its sum. The predictor's own follow. */
const columns = Object.keys(metricsPoint.shape).filter((key) => key !== 'failures' && key !== 'userMetrics') as Column[];

export const downloadMetrics = command({
  name: 'server download-metrics',
  summary: 'Writes what a model server did as CSV, one line for each step',
  arguments: { name: { doc: 'the model server' }, file: { show: '[FILE]', doc: 'where to (default: stdout)', optional: true } },
  options: {
    range: { kind: 'value', value: 'LENGTH', doc: 'how far to look back (default: 1d)' },
    step: { kind: 'value', value: 'LENGTH', doc: 'what a line stands for (default: 1m, up to an hour back 5s)' },
  },
  example: 'spell server download-metrics cifar cifar.csv --range 1h',
  run: async (context, { name, file, range = '1d', step }) => {
    const seconds = readLength('--range', range);
    const stepSeconds = step === undefined ? (seconds <= 3600 ? 5 : 60) : readLength('--step', step);
    const client = await context.controlPlane.connect();
    const query = { range: String(seconds), step: String(stepSeconds) };
    const points = await client.metricsHistory({ owner: context.owner, name, query });
    if (context.output === 'json') {
      printJson(context, points);
      return;
    }
    const own = seriesOver(points);
    const head = [...columns, ...own.map(({ series }) => quoted(seriesText(series)))];
    const cells = points.map((point, step) => [...columns.map((column) => point[column]), ...own.map(({ values }) => values[step])]);
    const lines = [head, ...cells.map((row) => row.map((cell) => cell ?? ''))].map((row) => row.join(','));
    if (file === undefined) for (const line of lines) context.terminal.print(line);
    else await writeFile(resolve(context.cwd, file), `${lines.join('\n')}\n`);
  },
});

/** A text as a cell of CSV, RFC 4180. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
