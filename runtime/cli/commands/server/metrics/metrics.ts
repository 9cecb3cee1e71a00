import type { Client } from '../../../../api/http/client-types.ts';
import type { MetricsPoint } from '../../../../api/objects.ts';
import { command } from '../../../command.ts';
import { printJson } from '../../../terminal/json.ts';
import { followMetrics } from './follow.ts';
import { readLength } from './range.ts';
import { showMetrics } from './show.ts';

/** As many steps as a screen has lines. */
const stepsByDefault = 20;

export const metrics = command({
  name: 'server metrics',
  summary: 'Shows requests, failures, latency, processor, memory and metrics of its own, over time',
  details: `Five seconds are kept apart for an hour, minutes for a day. Of what the predictor measures itself, counters
are shown by how much they grew, and gauges as they stood last.`,
  arguments: { name: { doc: 'the model server' } },
  options: {
    follow: { kind: 'switch', short: 'f', doc: 'go on: on a terminal the table stays new, elsewhere each step is a line once it is over' },
    range: { kind: 'value', value: 'LENGTH', doc: 'how far to look back (default: 15m)' },
    step: { kind: 'value', value: 'LENGTH', doc: `what a line stands for (default: a ${stepsByDefault}th of the range)` },
  },
  example: `
spell server metrics cifar
spell server metrics cifar -f
spell server metrics cifar --range 1d --step 1h`,
  run: async (context, { name, follow, range = '15m', step }) => {
    const seconds = readLength('--range', range);
    const stepSeconds = step === undefined ? Math.max(5, Math.ceil(seconds / stepsByDefault / 5) * 5) : readLength('--step', step);
    const query = { range: String(seconds), step: String(stepSeconds) };
    const ask = (client: Client): Promise<MetricsPoint[]> => client.metricsHistory({ owner: context.owner, name, query });
    if (follow) return followMetrics(context, ask);
    const points = await ask(await context.controlPlane.connect());
    if (context.output === 'json') printJson(context, points);
    else showMetrics(context, points);
  },
});
