import type { Context } from '../../context.ts';
import type { LogsAbout } from '../../contributions.ts';
import type { LogsTarget } from '../../logs/messages.ts';
import { pickLogs } from '../../pick/pick-logs.ts';

/** *Spell: Show Logs*: what a model server's pods, or one of them, print, in the log panel. */
export async function showLogs(context: Context, target?: LogsAbout): Promise<LogsTarget> {
  const { l10n } = context.code;
  const wanted = { title: l10n.t('Show the logs of'), none: l10n.t('There is no model server.') };
  const shown = await pickLogs(context, wanted, target);
  await context.logPanel.show(context, shown);
  return shown;
}
