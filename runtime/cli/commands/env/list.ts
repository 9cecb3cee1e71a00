import { shortId } from '../../../api/environment-parts.ts';
import type { Environment } from '../../../api/objects.ts';
import { shownSize } from '../../../api/shown-size.ts';
import { command } from '../../command.ts';
import { ago } from '../../terminal/ages.ts';
import { printJson } from '../../terminal/json.ts';
import { printTable } from '../../terminal/table.ts';
import { madeFromInTable, usersOf } from './shown-environment.ts';

export const list = command({
  name: 'env list',
  summary: 'Lists the Python environments that --pip, --pip-req and --conda-file made, those used last first',
  details:
    'Revisions that ask for the same share one. Those that are being made (making) and that could not be (failed) are listed, too. ' +
    'Files that an installer shares with its cache count fully in SIZE.',
  example: 'spell env list',
  run: async (context) => {
    const client = await context.controlPlane.connect();
    const environments = await client.listEnvironments();
    if (context.output === 'json') return printJson(context, environments);
    printTable(
      context.terminal,
      ['ENVIRONMENT', 'PYTHON', 'PACKAGES', 'MADE BY', 'SIZE', 'USED BY', 'LAST USED'],
      environments.map((each) => [
        shortId(each.id),
        each.version ?? '-',
        madeFromInTable(each),
        each.tool ?? '-',
        each.state === 'ready' ? shownSize(each.size) : '-',
        usersOf(each),
        lastUse(each),
      ]),
    );
    if (environments.length === 0)
      context.terminal.say('there is no environment: model servers with --pip, --pip-req or --conda-file make them');
  },
});

function lastUse({ state, inUse, lastUsedAt }: Environment): string {
  if (state !== 'ready') return state;
  return inUse ? 'in use' : ago(lastUsedAt);
}
