import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SpellError } from '../../api/errors.ts';
import { command } from '../command.ts';

export const languageServer = command({
  name: 'language-server',
  summary: 'Runs the language server, for editors that start one',
  details:
    'It speaks the Language Server Protocol over stdin and stdout until the editor says exit. Open .py, .yaml and .json files in it.',
  options: { stdio: { kind: 'switch', doc: 'speak over stdin and stdout' } },
  example: 'spell language-server --stdio',
  run: async (context, { stdio }) => {
    if (!stdio) throw new SpellError('usage', 'the language server has to be told how to speak', 'add --stdio');
    const program = join(dirname(context.programs.spelld), 'language-server.js');
    await access(program).catch(() => {
      throw new SpellError('not-built', `there is no ${program}`, 'build it: npm run build');
    });
    // It reads `--stdio` from the command line itself, and ends this process when its client says exit.
    await import(pathToFileURL(program).href);
  },
});
