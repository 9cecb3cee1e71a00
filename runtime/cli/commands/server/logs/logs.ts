import { SpellError } from '../../../../api/errors.ts';
import type { Client } from '../../../../api/http/client-types.ts';
import { LogCursor, type LogStart } from '../../../../api/log-cursor.ts';
import { nearNamesHint } from '../../../../api/near-names.ts';
import type { LogLine } from '../../../../api/objects.ts';
import { command } from '../../../command.ts';
import type { Context } from '../../../context.ts';
import { printJson, printJsonLine } from '../../../terminal/json.ts';
import type { Style, Terminal } from '../../../terminal/terminal.ts';
import { readCount } from '../read-count.ts';
import { readSince } from '../read-since.ts';
import { type IsWanted, wantedLines } from './wanted-lines.ts';
import { whySilent } from './why-silent.ts';

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
    grep: { kind: 'value', value: 'PATTERN', doc: 'only lines that a regular expression matches' },
    request: { kind: 'value', value: 'ID', doc: 'only what was printed for one request (`x-request-id`), or for its batch' },
    revision: { kind: 'value', value: 'N', doc: 'only what pods of this revision printed, also when they are gone' },
  },
  example: `
spell server logs cifar
spell server logs cifar -f --tail 10
spell server logs cifar --since 10m
spell server logs cifar --grep 'Error|Warning' --revision 3`,
  run: async (context, { name, follow, pod, tail, since, ...wanted }) => {
    const start = toStart(tail, since);
    const query = { owner: context.owner, name, ...(pod === undefined ? {} : { pod }) };
    const client = await context.controlPlane.connect();
    if (!(await hasPrinted(client, query))) {
      if (pod !== undefined) await refuseUnknownPod(client, query, pod);
      else context.terminal.say(whySilent(await client.describeModelServer(query), follow));
    }
    const isWanted = await wantedLines(client, query, wanted);
    // Of lines that are chosen, so many are wanted as there would be of all.
    const known = isWanted && start.tail !== undefined ? await lastOf(client, query, start, isWanted) : undefined;
    if (follow) return followLogs(context, client, query, { start: known?.next ?? start, isWanted, lines: known?.lines ?? [] });
    const lines = known?.lines ?? (await Array.fromAsync(client.logs(toInput(query, start, 'false')))).filter(isWanted ?? (() => true));
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

/** The last lines that are wanted, and where to go on after all that were looked at. */
async function lastOf(
  client: Client,
  query: LogQuery,
  { tail, since }: LogStart,
  isWanted: IsWanted,
): Promise<{ lines: LogLine[]; next: LogStart }> {
  const count = Number(tail);
  const from: LogStart = since === undefined ? {} : { since };
  const cursor = new LogCursor({ tail: '0' });
  let lines: LogLine[] = [];
  for await (const line of client.logs(toInput(query, from, 'false'))) {
    cursor.read(line);
    if (isWanted(line)) lines.push(line);
    if (lines.length > 2 * count + 1000) lines = lines.slice(-count);
  }
  return { lines: count === 0 ? [] : lines.slice(-count), next: cursor.start };
}

/** Until Ctrl-C, or until the control plane ends the stream. One that goes away without a word is waited for. */
async function followLogs(
  context: Context,
  first: Client,
  query: LogQuery,
  { start, isWanted, lines }: { start: LogStart; isWanted: IsWanted | undefined; lines: readonly LogLine[] },
): Promise<void> {
  const show = (line: LogLine): void => {
    if (context.output === 'json') printJsonLine(context, line);
    else printLine(context.terminal, line);
  };
  for (const line of lines) show(line);
  const cursor = new LogCursor(start);
  let client = first;
  for (;;) {
    try {
      for await (const line of client.logs(toInput(query, cursor.start, 'true'))) {
        cursor.read(line);
        if (isWanted?.(line) ?? true) show(line);
      }
      return;
    } catch (error) {
      if (!(error instanceof SpellError && error.code === 'unreachable')) throw error;
      client = await context.controlPlane.awaitReturn();
    }
  }
}

async function hasPrinted(client: Client, query: LogQuery): Promise<boolean> {
  for await (const _ of client.logs(toInput(query, { tail: '1' }, 'false'))) return true;
  return false;
}

/** Lines of pods that are gone are kept, so only a pod without any may be one that never was. Nobody is to follow that for ever. */
async function refuseUnknownPod(client: Client, { owner, name }: LogQuery, pod: string): Promise<void> {
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
