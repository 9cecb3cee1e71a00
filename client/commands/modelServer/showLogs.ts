import type { Context } from '../../context.ts';
import type { LogsTarget } from '../../logs/messages.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';

/** *Spell: Show Logs*: what a model server's pods, or one of them, print, in the log panel. */
export async function showLogs(context: Context, target?: LogsTarget): Promise<LogsTarget> {
  const { l10n } = context.code;
  const wanted = { title: l10n.t('Show the logs of'), none: l10n.t('There is no model server.') };
  const chosen = await pickModelServer(context, wanted, target);
  const shown = { ...chosen, ...(target?.pod === undefined ? {} : { pod: target.pod }) };
  await context.logPanel.show(context, shown);
  return shown;
}
