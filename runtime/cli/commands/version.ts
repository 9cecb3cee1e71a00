import { version as buildVersion } from '../../api/version.ts';
import { command } from '../command.ts';
import { printJson } from '../terminal/json.ts';

export const version = command({
  name: 'version',
  summary: 'Prints the version of this command',
  details: 'The version of the control plane that runs is told by `spell status`.',
  example: 'spell version',
  run: async (context) => {
    if (context.output === 'json') printJson(context, { version: buildVersion, node: process.versions.node });
    else context.terminal.print(`spell ${buildVersion}`);
  },
});
