import { setTimeout as delay } from 'node:timers/promises';
import { SpellError } from '../../../../api/errors.ts';
import type { Client } from '../../../../api/http/client-types.ts';
import type { MetricsPoint } from '../../../../api/objects.ts';
import type { Context } from '../../../context.ts';
import { printJsonLine } from '../../../terminal/json.ts';
import { showMetrics, showStep } from './show.ts';

/** As often as anything new is kept. */
const lookEveryMs = 5000;

/**
 * Goes on with what a model server does until Ctrl-C: on a terminal the whole table, drawn anew; elsewhere, and as
 * JSON, each step once it is over. A control plane that ends in between is waited for.
 */
export async function followMetrics(context: Context, ask: (client: Client) => Promise<MetricsPoint[]>): Promise<void> {
  const { controlPlane, terminal, output } = context;
  let client = await controlPlane.connect();
  let told = '';
  for (;;) {
    try {
      const points = await ask(client);
      const news = stepsOver(points, told);
      told = news.at(-1)?.time ?? told;
      if (output === 'json') for (const point of news) printJsonLine(context, point);
      else if (terminal.clear()) showMetrics(context, points);
      else for (const point of news) showStep(context, point);
    } catch (error) {
      if (!(error instanceof SpellError && error.code === 'unreachable')) throw error;
      client = await controlPlane.awaitReturn();
    }
    await delay(lookEveryMs);
  }
}

/** Steps that ended after a time. The newest may still grow, until there is one after it. Times of one form sort as texts. Pure. */
export function stepsOver(points: readonly MetricsPoint[], after: string): MetricsPoint[] {
  return points.slice(0, -1).filter(({ time }) => time > after);
}
