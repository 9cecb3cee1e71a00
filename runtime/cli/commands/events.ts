import { SpellError } from '../../api/errors.ts';
import type { SpellEvent } from '../../api/events.ts';
import { followEvents } from '../../api/http/follow.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { localTime } from '../terminal/ages.ts';
import { printJson, printJsonLine } from '../terminal/json.ts';
import { align } from '../terminal/table.ts';

const shownByDefault = 100;

export const events = command({
  name: 'events',
  summary: 'Shows what happened, oldest first',
  details: `The last ${shownByDefault} events, or all after --since. Starts nothing: exit status 1 when no control plane runs.`,
  options: {
    follow: { kind: 'switch', short: 'f', doc: 'go on with what happens from now on' },
    since: { kind: 'value', value: 'SEQ', doc: 'all events after this number' },
  },
  example: `
spell events
spell events -f`,
  run: async (context, { follow, since }) => {
    const client = await context.controlPlane.find();
    const query = since === undefined ? { since: '0', tail: String(shownByDefault) } : { since: String(readSeq(since)) };
    const stored = await Array.fromAsync(client.events({ query: { ...query, follow: 'false' } }));
    if (!follow && context.output === 'json') return printJson(context, stored);
    show(context, stored);
    if (!follow) return;
    const last = stored.at(-1)?.seq ?? Number(since ?? 0);
    for await (const event of followEvents({ client, since: last, reconnect: () => context.controlPlane.awaitReturn() }))
      show(context, [event]);
  },
});

function readSeq(text: string): number {
  if (/^[0-9]+$/.test(text)) return Number(text);
  throw new SpellError(
    'usage',
    `--since: ${JSON.stringify(text)} is no event's number`,
    'write its number, as in --since 120; 0 begins with the oldest',
  );
}

function show(context: Context, shown: readonly SpellEvent[]): void {
  if (context.output === 'json') for (const event of shown) printJsonLine(context, event);
  else {
    const rows = shown.map(({ seq, time, type, object, message }) => [String(seq), localTime(time), type.padEnd(20), object, message]);
    for (const line of align(rows)) context.terminal.print(line);
  }
}
