import type { ModelServer } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import { runCommand } from '../../contributions.ts';

/** Says that a model server answers, and offers what one wants next. Waits for nobody. */
export function offerNext({ code }: Pick<Context, 'code'>, server: ModelServer, message: string): void {
  const { window, l10n } = code;
  const details = l10n.t('Open Details');
  const send = l10n.t('Send Request');
  const curl = l10n.t('Copy curl');
  void window.showInformationMessage(message, send, details, curl).then((chosen) => {
    if (chosen === send) void runCommand(code, 'spell.modelServer.sendRequest', server);
    if (chosen === details) void runCommand(code, 'spell.modelServer.openDetails', server);
    if (chosen === curl) void runCommand(code, 'spell.modelServer.copyCurl', server);
  });
}
