import { exportSettings } from '../../../api/project/export-settings.ts';
import { command } from '../../command.ts';
import { printJson } from '../../terminal/json.ts';

export const exportModelServer = command({
  name: 'server export',
  summary: 'Prints a model server as a spell.yaml, which `spell apply` makes again',
  details:
    'Only what differs from the defaults is printed. A value of `env` is a secret: its name stands in its place, and it is taken from the ' +
    'environment of whoever serves the file.',
  arguments: { name: { doc: 'the model server' } },
  example: 'spell server export cifar > spell.yaml',
  run: async (context, { name }) => {
    const client = await context.controlPlane.connect();
    const modelServer = await client.describeModelServer({ owner: context.owner, name });
    const { settings, notes } = exportSettings(modelServer);
    if (context.output === 'json') {
      printJson(context, settings);
      return;
    }
    const { stringify } = await import('yaml');
    for (const note of notes) context.terminal.print(`# ${note}`);
    context.terminal.print(stringify(settings, { lineWidth: 0 }).trimEnd());
  },
});
