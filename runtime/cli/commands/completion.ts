import { SpellError } from '../../api/errors.ts';
import { nearNames } from '../../api/near-names.ts';
import { command } from '../command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { completions } from '../completion/command-tree.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export const completion = command({
  name: 'completion',
  summary: 'Prints a script that completes commands and options in a shell',
  arguments: { shell: { show: 'bash|zsh|fish', doc: 'which shell' } },
  example: `
source <(spell completion bash)
spell completion zsh > ~/.zfunc/_spell
spell completion fish > ~/.config/fish/completions/spell.fish`,
  run: async ({ terminal }, { shell }) => {
    if (!Object.hasOwn(shells, shell)) {
      const [near] = nearNames(shell, Object.keys(shells));
      throw new SpellError(
        'usage',
        `there is no completion for ${JSON.stringify(shell)}`,
        near ? `did you mean ${near}?` : 'the shells are bash, zsh and fish',
      );
    }
    const { commands } = await import('./table.ts');
    terminal.printBytes(Buffer.from(shells[shell as keyof typeof shells](await completions(commands))));
  },
});
