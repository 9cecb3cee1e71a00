import type { Status } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';

/** *Spell: Restart Control Plane*: ends `spelld` and starts it anew. The gateway goes on: no request is lost. */
export async function restartControlPlane({ code, controlPlane, client }: Context): Promise<Status> {
  const { window, l10n, ProgressLocation } = code;
  const title = l10n.t('Restarting the control plane');
  return window.withProgress({ location: ProgressLocation.Window, title }, async () => {
    await controlPlane.restart();
    return client.status();
  });
}
