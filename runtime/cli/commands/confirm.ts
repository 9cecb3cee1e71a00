import { SpellError } from '../../api/errors.ts';
import type { Context } from '../context.ts';

/** Asks, unless `--yes` answers. Throws `declined` when the answer is no, `needs-answer` when nobody can be asked. */
export async function refuseUnlessConfirmed({ terminal, yes }: Context, question: string): Promise<void> {
  if (yes || (await terminal.confirm(question))) return;
  throw new SpellError('declined', 'nothing was done', 'answer y, or run it with --yes');
}
