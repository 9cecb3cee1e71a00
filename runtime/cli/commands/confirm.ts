import { SpellError } from '../../api/errors.ts';
import type { Context } from '../context.ts';
import { printJson } from '../terminal/json.ts';

/** Asks, unless `--yes` answers. Throws `declined` when the answer is no, `needs-answer` when nobody can be asked. */
export async function refuseUnlessConfirmed({ terminal, yes }: Context, question: string): Promise<void> {
  if (yes || (await terminal.confirm(question))) return;
  throw new SpellError('declined', 'nothing was done', 'answer y, or run it with --yes');
}

/** The last word of a verb that removes something. */
export function showRemoved(context: Context, name: string): void {
  if (context.output === 'json') printJson(context, { removed: name });
  else context.terminal.say(`removed ${name}`);
}
