import { shownMs } from '../../../api/shown-ms.ts';
import { command } from '../../command.ts';
import { localTime } from '../../terminal/ages.ts';
import { printJson } from '../../terminal/json.ts';
import { printTable } from '../../terminal/table.ts';
import { readCount } from './read-count.ts';

const shownByDefault = 20;

export const requests = command({
  name: 'server requests',
  summary: 'Lists the last requests of a model server, newest first: the stages of each, and why it ended so',
  details: `QUEUE, PREPARE, PREDICT and REPLY are milliseconds: what it waited until predict began, what
prepare took, what predict (or its batch) took, and from the result to the client. AHEAD is how
many requests stood before it when it came. CAUSE says more than the status: answered, queue-full,
deadline-waiting, deadline-running, gone-waiting, gone-running, poison, worker-died and so on.`,
  arguments: { name: { doc: 'the model server' } },
  options: { last: { kind: 'value', value: 'N', doc: `how many (default: ${shownByDefault})` } },
  example: 'spell server requests cifar --last 50',
  run: async (context, { name, last }) => {
    const count = last === undefined ? shownByDefault : readCount('--last', last, 'requests');
    const client = await context.controlPlane.connect();
    const listed = await client.listRequests({ owner: context.owner, name, query: { last: String(count) } });
    if (context.output === 'json') return printJson(context, listed);
    printTable(
      context.terminal,
      ['ID', 'ENDED', 'STATUS', 'CAUSE', 'AHEAD', 'QUEUE', 'PREPARE', 'PREDICT', 'REPLY', 'BATCH', 'POD'],
      listed.map(({ id, time, status, cause, ahead, queueMs, prepareMs, predictMs, replyMs, batch, pod, worker }) => [
        id,
        localTime(time),
        String(status),
        cause,
        String(ahead),
        shownMs(queueMs),
        shownMs(prepareMs),
        shownMs(predictMs),
        shownMs(replyMs),
        batch ?? '-',
        pod === null ? '-' : `${pod}/${worker ?? 0}`,
      ]),
    );
  },
});
