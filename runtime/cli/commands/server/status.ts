import { command } from '../../command.ts';
import { localTime } from '../../terminal/ages.ts';
import { printJson } from '../../terminal/json.ts';
import { printTable } from '../../terminal/table.ts';

export const status = command({
  name: 'server status',
  summary: "Lists a model server's pods",
  arguments: { name: { doc: 'the model server' } },
  example: 'spell server status cifar',
  run: async (context, { name }) => {
    const client = await context.controlPlane.connect();
    const pods = await client.listPods({ owner: context.owner, name });
    if (context.output === 'json') return printJson(context, pods);
    printTable(
      context.terminal,
      ['POD ID', 'CREATED AT', 'READY AT'],
      pods.map(({ id, createdAt, readyAt, state }) => [id, localTime(createdAt), readyAt === null ? `- (${state})` : localTime(readyAt)]),
    );
  },
});
