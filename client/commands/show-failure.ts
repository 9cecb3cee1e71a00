import { asSpellError } from '../../runtime/api/errors.ts';
import type { Context } from '../context.ts';
import { runCommand } from '../contributions.ts';
import { RolloutFailed } from '../operations/rollout-failed.ts';

/** Tells a person what happened and what to do next. Resolves when it was read or closed. */
export async function showFailure({ code, log }: Pick<Context, 'code' | 'log'>, error: unknown): Promise<void> {
  const { window, l10n } = code;
  const { message, hint } = asSpellError(error);
  // Sentences of ours end by themselves; a message of the control plane is the half of one.
  const words = hint === undefined ? message : /[.?!]$/.test(message) ? `${message} ${hint}` : `${message} — ${hint}`;
  // What a predictor did wrong stands in its own log, not in the extension's.
  const [button, show] =
    error instanceof RolloutFailed
      ? [l10n.t('Show Logs'), () => void runCommand(code, 'spell.modelServer.showLogs', error.target)]
      : [l10n.t('Show Log'), () => log.show()];
  if ((await window.showErrorMessage(words, button)) === button) show();
}
