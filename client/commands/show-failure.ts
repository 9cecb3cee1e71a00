import { asSpellError } from '../../runtime/api/errors.ts';
import type { Context } from '../context.ts';

/** Tells a person what happened and what to do next. Resolves when it was read or closed. */
export async function showFailure({ code: { window, l10n }, log }: Pick<Context, 'code' | 'log'>, error: unknown): Promise<void> {
  const { message, hint } = asSpellError(error);
  const showLog = l10n.t('Show Log');
  const chosen = await window.showErrorMessage(hint === undefined ? message : `${message}\n${hint}`, showLog);
  if (chosen === showLog) log.show();
}
