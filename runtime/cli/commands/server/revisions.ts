import { command } from '../../command.ts';
import { ago } from '../../terminal/ages.ts';
import { printJson } from '../../terminal/json.ts';
import { printTable } from '../../terminal/table.ts';

export const revisions = command({
  name: 'server revisions',
  summary: "Lists a model server's revisions, newest first: what each changed, and why it failed",
  arguments: { name: { doc: 'the model server' } },
  example: 'spell server revisions cifar',
  run: async (context, { name }) => {
    const client = await context.controlPlane.connect();
    const listed = await client.listRevisions({ owner: context.owner, name });
    if (context.output === 'json') return printJson(context, listed);
    printTable(
      context.terminal,
      ['REVISION', 'STATE', 'CREATED', 'CREATOR', 'CHANGES', 'REASON'],
      listed.map(({ revision, state, createdAt, creator, changes, reason }) => [
        String(revision),
        state,
        ago(createdAt),
        creator,
        changes.join('; '),
        reason ?? '',
      ]),
    );
  },
});
