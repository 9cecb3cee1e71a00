import { type Checked, checkRequestOf, mistakesError } from '../../../api/project/mistakes.ts';
import type { Option } from '../../command.ts';
import type { Context } from '../../context.ts';

/** The switch that lets `serve` and `update` go on with what {@link refuseMistakes} would stop. */
export const noCheckOption: Record<'no-check', Option> = {
  'no-check': { kind: 'switch', doc: 'do not look for mistakes in the predictor first' },
};

/**
 * Looks at the predictor and its config with the rules of the editor, and throws `check-failed` for what would keep the
 * model server from starting, or from answering. Nothing is run, and nothing is said of what is only unwise.
 */
export async function refuseMistakes({ cwd }: Context, checked: Checked): Promise<void> {
  const request = checkRequestOf(checked);
  if (!request) return;
  const { check } = await import('../../../../server/check/check.ts');
  const { diagnostics } = await check(request);
  const error = mistakesError(diagnostics, { cwd, anyway: 'go on all the same with --no-check (`spell check` tells more)' });
  if (error) throw error;
}
