import { shownCommand } from '../../../api/shown-command.ts';
import { shownSize } from '../../../api/shown-size.ts';
import { command } from '../../command.ts';
import { localTime } from '../../terminal/ages.ts';
import { shownFileCount } from '../../terminal/counts.ts';
import { type Field, printFields } from '../../terminal/fields.ts';
import { printJson } from '../../terminal/json.ts';
import { readRunNumber } from './run-number.ts';
import { shownCommit, shownEnd } from './shown-run.ts';

/** The JSON and `spell ls` have all. */
const shownFiles = 20;

export const describe = command({
  name: 'runs describe',
  summary: 'Shows a run: its command, how it ended, what it saved',
  arguments: { run: { doc: 'its number' } },
  example: 'spell runs describe 3',
  run: async (context, { run: said }) => {
    const client = await context.controlPlane.connect();
    const described = await client.describeResource({ kind: 'runs', name: readRunNumber(said) });
    if (context.output === 'json') return printJson(context, described);
    const { path, run, entries, files, size, usedBy, creator } = described;
    if (!run) return;
    const saved = entries.slice(0, shownFiles).map((entry) => `${entry.path} (${shownSize(entry.size)})`);
    const more = entries.length > shownFiles ? [`and ${entries.length - shownFiles} more: spell ls ${path}`] : [];
    const fields: (Field | false)[] = [
      ['run', path],
      run.name !== null && ['name', run.name],
      ['status', shownEnd(run)],
      ['command', shownCommand(run.command)],
      ['folder', run.folder],
      ['started', `${localTime(run.startedAt)} by ${creator}`],
      run.git !== null && ['commit', shownCommit(run.git)],
      ['saved', [`${shownFileCount(files)}${files === 0 ? '' : `, ${shownSize(size)}`}`, ...saved, ...more]],
      usedBy.length > 0 && ['used by', usedBy.join(', ')],
    ];
    printFields(
      context.terminal,
      fields.filter((field) => field !== false),
    );
  },
});
