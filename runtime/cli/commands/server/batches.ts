import { shownMs } from '../../../api/shown-ms.ts';
import type { BatchRecord } from '../../../api/traffic.ts';
import { command } from '../../command.ts';
import { localTime } from '../../terminal/ages.ts';
import { printJson } from '../../terminal/json.ts';
import { printTable } from '../../terminal/table.ts';
import { readCount } from './read-count.ts';

const shownByDefault = 20;

export const batches = command({
  name: 'server batches',
  summary: 'Lists the last batches of a model server, newest first: why each began, and who waited for whom',
  details: `REASON says why a batch began when it did: full, worker-free (nobody waits for company), timeout (its
window was over), drain (its pod ends). AFTER is the batch that its requests waited for. WAITED is what
the request that waited longest and the one that waited least did wait, PREDICT how long it ran, both in
milliseconds. With -o json also the ids of its requests: \`spell server requests NAME\` shows them.`,
  arguments: { name: { doc: 'the model server' } },
  options: { last: { kind: 'value', value: 'N', doc: `how many (default: ${shownByDefault})` } },
  example: 'spell server batches cifar --last 5',
  run: async (context, { name, last }) => {
    const count = last === undefined ? shownByDefault : readCount('--last', last, 'batches');
    const client = await context.controlPlane.connect();
    const listed = await client.listBatches({ owner: context.owner, name, query: { last: String(count) } });
    if (context.output === 'json') return printJson(context, listed);
    printTable(
      context.terminal,
      ['BATCH', 'POD', 'BEGAN', 'SIZE', 'REASON', 'AFTER', 'WAITED', 'PREDICT', 'OUTCOME'],
      listed.map((batch) => [
        batch.id,
        batch.pod,
        localTime(batch.time),
        String(batch.size),
        batch.reason,
        batch.after ?? '-',
        batch.waitedMs === null ? '-' : `${shownMs(batch.waitedMs.longest)} … ${shownMs(batch.waitedMs.shortest)}`,
        shownMs(batch.predictMs),
        outcome(batch),
      ]),
    );
  },
});

/** `12 answered, 1 failed (taken apart)` */
function outcome({ outcome: ends, isolated }: BatchRecord): string {
  const told = Object.entries(ends).flatMap(([end, count]) => (count === 0 ? [] : [`${count} ${end}`]));
  return `${told.join(', ')}${isolated ? ' (taken apart)' : ''}`;
}
