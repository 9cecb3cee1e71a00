import { command } from '../command.ts';
import { showStatus } from '../show-status.ts';

export const status = command({
  name: 'status',
  summary: 'Shows what runs: versions, addresses, processes, disk used',
  details: 'Starts nothing: exit status 1 when no control plane runs.',
  example: 'spell status',
  run: async (context) => {
    const client = await context.controlPlane.find();
    showStatus(context, await client.status({ query: { measure: 'true' } }));
  },
});
