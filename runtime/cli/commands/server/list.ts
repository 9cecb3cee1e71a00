import { command } from '../../command.ts';
import { age } from '../../terminal/ages.ts';
import { printJson } from '../../terminal/json.ts';
import { printTable } from '../../terminal/table.ts';

export const list = command({
  name: 'server list',
  summary: 'Lists the model servers',
  example: 'spell server list',
  run: async (context) => {
    const client = await context.controlPlane.connect();
    const servers = (await client.listModelServers()).filter(({ owner }) => owner === context.owner);
    if (context.output === 'json') return printJson(context, servers);
    printTable(
      context.terminal,
      ['NAME', 'URL', 'PODS (READY/TOTAL)', 'AGE'],
      servers.map(({ name, url, pods, createdAt }) => [name, url, `${pods.ready}/${pods.total}`, age(createdAt)]),
    );
    if (servers.length === 0) context.terminal.say('there is no model server yet: spell server serve MODEL predictor.py');
  },
});
