import { command } from '../../command.ts';
import { printJson } from '../../terminal/json.ts';
import { readCount } from '../server/read-count.ts';
import { readRunNumber } from './run-number.ts';

export const logs = command({
  name: 'runs logs',
  summary: 'Shows what the command of a run printed',
  details: 'All of it, stdout and stderr in the order in which they came. What a progress bar wrote over itself is shown as it was last.',
  arguments: { run: { doc: 'its number' } },
  options: { tail: { kind: 'value', value: 'N', doc: 'only this many of the last lines' } },
  example: `
spell runs logs 3
spell runs logs 3 --tail 20`,
  run: async (context, { run, tail }) => {
    const count = tail === undefined ? undefined : readCount('--tail', tail, 'lines');
    const client = await context.controlPlane.connect();
    const lines = client.runLog({ number: readRunNumber(run), query: count === undefined ? {} : { tail: String(count) } });
    if (context.output === 'json') return printJson(context, await Array.fromAsync(lines));
    const { terminal } = context;
    for await (const { stream, text } of lines)
      await terminal.pass('stdout', Buffer.from(`${stream === 'lifecycle' ? terminal.style('dim', text) : text}\n`));
  },
});
