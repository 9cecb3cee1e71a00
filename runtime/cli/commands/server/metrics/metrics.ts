import type { MetricsPoint } from '../../../../api/objects.ts';
import { shownFailures } from '../../../../api/shown-failures.ts';
import { shownMs } from '../../../../api/shown-ms.ts';
import { shownSize } from '../../../../api/shown-size.ts';
import { command } from '../../../command.ts';
import type { Context } from '../../../context.ts';
import { printJson } from '../../../terminal/json.ts';
import { sparkline } from '../../../terminal/sparkline.ts';
import { printTable } from '../../../terminal/table.ts';
import { readLength } from './range.ts';

/** As many steps as a screen has lines. */
const stepsByDefault = 20;

export const metrics = command({
  name: 'server metrics',
  summary: 'Shows what a model server did lately: requests, failures, latency, processor and memory',
  details: 'Five seconds are kept apart for an hour, minutes for a day.',
  arguments: { name: { doc: 'the model server' } },
  options: {
    range: { kind: 'value', value: 'LENGTH', doc: 'how far to look back (default: 15m)' },
    step: { kind: 'value', value: 'LENGTH', doc: `what a line stands for (default: a ${stepsByDefault}th of the range)` },
  },
  example: `
spell server metrics cifar
spell server metrics cifar --range 1d --step 1h`,
  run: async (context, { name, range = '15m', step }) => {
    const seconds = readLength('--range', range);
    const stepSeconds = step === undefined ? Math.max(5, Math.ceil(seconds / stepsByDefault / 5) * 5) : readLength('--step', step);
    const client = await context.controlPlane.connect();
    const query = { range: String(seconds), step: String(stepSeconds) };
    const points = await client.metricsHistory({ owner: context.owner, name, query });
    if (context.output === 'json') printJson(context, points);
    else show(context, points);
  },
});

function show(context: Context, points: readonly MetricsPoint[]): void {
  const { terminal } = context;
  printTable(
    terminal,
    ['UNTIL', 'REQUESTS/S', 'FAILED', 'P50', 'P95', 'P99', 'CPU', 'MEMORY', 'PODS', 'QUEUE'],
    points.map((point) => [
      new Date(point.time).toLocaleTimeString('sv'),
      String(point.requestsPerSecond),
      shownFailures(point),
      shownMs(point.p50Ms),
      shownMs(point.p95Ms),
      shownMs(point.p99Ms),
      point.cpu === null ? '-' : String(point.cpu),
      point.memoryBytes === null ? '-' : shownSize(point.memoryBytes),
      String(point.pods),
      String(point.queueDepth),
    ]),
  );
  if (points.length === 0) {
    terminal.say('nothing was measured in this time: the first numbers come some seconds after it is ready');
    return;
  }
  terminal.print('');
  terminal.print(`requests/s  ${sparkline(points.map(({ requestsPerSecond }) => requestsPerSecond))}`);
  terminal.print(`p99         ${sparkline(points.map(({ p99Ms }) => p99Ms))}`);
}
