import { shownCommand } from '../../../api/shown-command.ts';
import { shownDuration } from '../../../api/shown-duration.ts';
import { command } from '../../command.ts';
import { ago } from '../../terminal/ages.ts';
import { shownFileCount } from '../../terminal/counts.ts';
import { printJson } from '../../terminal/json.ts';
import { printTable } from '../../terminal/table.ts';
import { shownState } from './shown-run.ts';

/** A table's line has room for so much of a command; `describe` and the JSON have all. */
const commandInTable = 60;

export const list = command({
  name: 'runs list',
  summary: 'Lists the runs, newest last',
  example: 'spell runs',
  run: async (context) => {
    const client = await context.controlPlane.connect();
    const runs = (await client.listResources()).filter(({ run }) => run !== undefined);
    if (context.output === 'json') return printJson(context, runs);
    printTable(
      context.terminal,
      ['RUN', 'NAME', 'STATUS', 'DURATION', 'SAVED', 'ENDED', 'COMMAND'],
      runs.flatMap(({ path, files, run }) => {
        if (!run) return [];
        const { name, startedAt, endedAt } = run;
        const took = shownDuration(Date.parse(endedAt) - Date.parse(startedAt));
        const words = shownCommand(run.command);
        const shown = words.length > commandInTable ? `${words.slice(0, commandInTable - 1)}…` : words;
        return [[path, name ?? '-', shownState(run), took, shownFileCount(files), ago(endedAt), shown]];
      }),
    );
    if (runs.length === 0) context.terminal.say('there is no run yet: spell run -- COMMAND');
  },
});
