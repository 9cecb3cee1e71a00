import { command } from '../../command.ts';
import { ago } from '../../terminal/ages.ts';
import { printJson } from '../../terminal/json.ts';
import { printTable } from '../../terminal/table.ts';
import { shownVersion } from './version-name.ts';

export const list = command({
  name: 'model list',
  summary: 'Lists the models',
  example: 'spell model',
  run: async (context) => {
    const client = await context.controlPlane.connect();
    const models = await client.listModels();
    if (context.output === 'json') return printJson(context, models);
    printTable(
      context.terminal,
      ['NAME', 'LATEST VERSION', 'CREATED', 'CREATOR'],
      models.map(({ name, latestVersion, createdAt, creator }) => [
        name,
        shownVersion(latestVersion.number, latestVersion.custom),
        ago(createdAt),
        creator,
      ]),
    );
    if (models.length === 0) context.terminal.say('there is no model yet: spell upload PATH, then spell model create NAME uploads/NAME');
  },
});
