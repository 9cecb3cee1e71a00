import type { Environment, EnvironmentLog } from '../../../api/objects.ts';
import { command } from '../../command.ts';
import { printJson } from '../../terminal/json.ts';
import { findEnvironment } from './find-environment.ts';

export const logs = command({
  name: 'env logs',
  summary: 'Shows what installers printed while a Python environment was made, or could not be',
  details: 'The last lines, then what is being done where it is still being made, or why it could not be.',
  arguments: { id: { doc: 'the environment, by its id or the beginning of it (`spell env` lists them)' } },
  example: 'spell env logs 3f9c2ab81d07',
  run: async (context, { id: said }) => {
    const client = await context.controlPlane.connect();
    const environment = findEnvironment(said, await client.listEnvironments());
    const printed = await client.environmentLog({ id: environment.id });
    if (context.output === 'json') return printJson(context, printed);
    for (const line of printed.lines) context.terminal.print(line);
    for (const line of whatCame(environment, printed)) context.terminal.say(line);
  },
});

/** How far it is while it is made, or why it could not be and what to do; of one that is ready only that there is nothing to see. */
function whatCame({ stage, failure }: Environment, { lines }: EnvironmentLog): string[] {
  if (failure !== null) return [failure.message, ...(failure.hint === null ? [] : [failure.hint])];
  if (stage !== null) return [stage];
  return lines.length === 0 ? ['nothing was printed while it was made'] : [];
}
