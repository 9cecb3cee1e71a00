import { command } from '../../command.ts';
import { printJson } from '../../terminal/json.ts';
import { printTable } from '../../terminal/table.ts';

/** The one group of a context without a cluster. */
const thisMachine = { name: 'default', instanceType: 'this machine', diskSize: null, minNodes: 1, maxNodes: 1 };

export const nodeGroupList = command({
  name: 'node-group list',
  summary: 'Lists the node groups; without a cluster that is this machine',
  example: 'spell node-group list',
  run: async (context) => {
    if (context.output === 'json') return printJson(context, [thisMachine]);
    const { name, instanceType, minNodes, maxNodes } = thisMachine;
    printTable(
      context.terminal,
      ['NAME', 'INSTANCE TYPE', 'DISK SIZE', 'MIN NODES', 'MAX NODES'],
      [[name, instanceType, '-', String(minNodes), String(maxNodes)]],
    );
  },
});
