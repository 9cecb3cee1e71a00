import { SpellError } from '../../../api/errors.ts';
import type { Client } from '../../../api/http/client-types.ts';
import { LogCursor, type LogStart } from '../../../api/log-cursor.ts';
import { nearNamesHint } from '../../../api/near-names.ts';
import type { LogLine } from '../../../api/objects.ts';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { printJson, printJsonLine } from '../../terminal/json.ts';
import type { Style, Terminal } from '../../terminal/terminal.ts';
import { readCount } from './read-count.ts';
import { readSince } from './read-since.ts';

const shownByDefault = 100;

export const logs = command({
  name: 'server logs',
  summary: 'Shows what the pods of a model server printed',
  arguments: { name: { doc: 'the model server' } },
  options: {
    follow: { kind: 'switch', short: 'f', doc: 'go on with what is printed from now on' },
    pod: { kind: 'value', short: 'p', value: 'POD', doc: 'only this pod (`spell server status NAME` lists them)' },
    tail: { kind: 'value', value: 'N', doc: `how many of the last lines (default: ${shownByDefault}, with --since all)` },
    since: { kind: 'value', value: 'TIME', doc: 'only what was printed since then: how long ago (`10m`), or a time' },
  },
  example: `
spell server logs cifar
spell server logs cifar -f --tail 10
spell server logs cifar --since 10m`,
  run: async (context, { name, follow, pod, tail, since }) => {
    const start = toStart(tail, since);
    const query = { owner: context.owner, name, ...(pod === undefined ? {} : { pod }) };
    const client = await context.controlPlane.connect();
    if (follow) return followLogs(context, client, query, start);
    const lines = await Array.fromAsync(client.logs(toInput(query, start, 'false')));
    if (pod !== undefined && lines.length === 0) await refuseUnknownPod(client, context.owner, name, pod);
    if (context.output === 'json') printJson(context, lines);
    else for (const line of lines) printLine(context.terminal, line);
  },
});

interface LogQuery {
  owner: string;
  name: string;
  pod?: string;
}

function toStart(tail: string | undefined, since: string | undefined): LogStart {
  const count = tail === undefined && since !== undefined ? {} : { tail: String(readTail(tail)) };
  return { ...count, ...(since === undefined ? {} : { since: readSince(since, new Date()) }) };
}

function readTail(tail: string | undefined): number {
  return tail === undefined ? shownByDefault : readCount('--tail', tail, 'lines');
}

function toInput({ owner, name, pod }: LogQuery, start: LogStart, follow: 'true' | 'false'): Parameters<Client['logs']>[0] {
  return { owner, name, query: { ...start, follow, ...(pod === undefined ? {} : { pod }) } };
}

/** Until Ctrl-C, or until the control plane ends the stream. One that goes away without a word is waited for. */
async function followLogs(context: Context, first: Client, query: LogQuery, start: LogStart): Promise<void> {
  const cursor = new LogCursor(start);
  let client = first;
  for (;;) {
    try {
      for await (const line of client.logs(toInput(query, cursor.start, 'true'))) {
        cursor.read(line);
        if (context.output === 'json') printJsonLine(context, line);
        else printLine(context.terminal, line);
      }
      return;
    } catch (error) {
      if (!(error instanceof SpellError && error.code === 'unreachable')) throw error;
      client = await context.controlPlane.awaitReturn();
    }
  }
}

/** Lines of pods that are gone are kept, so only a pod without any may be one that never was. */
async function refuseUnknownPod(client: Client, owner: string, name: string, pod: string): Promise<void> {
  const ids = (await client.listPods({ owner, name })).map(({ id }) => id);
  if (ids.includes(pod)) return;
  throw new SpellError('not-found', `${name} has no pod ${JSON.stringify(pod)}`, nearNamesHint(pod, ids));
}

const podStyles: readonly Style[] = ['cyan', 'magenta', 'yellow', 'green', 'blue'];

/** `POD WORKER  text`: the pod first, so that lines can be told apart and searched. */
function printLine(terminal: Terminal, { pod, worker, stream, text }: LogLine): void {
  const style = podStyles[[...pod].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % podStyles.length] ?? 'cyan';
  const shown = stream === 'lifecycle' ? terminal.style('dim', text) : text;
  terminal.print(`${terminal.style(style, worker === null ? pod : `${pod}/${worker}`)}  ${shown}`);
}
