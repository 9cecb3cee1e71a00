import { findControlPlane } from '../../../runtime/api/connect/find.ts';
import type { Status } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import { runCommand } from '../../contributions.ts';

/** *Spell: Show Control Plane Status*: says whether the control plane runs, and where. Starts nothing by itself. */
export async function showControlPlaneStatus({ code, controlPlane }: Context): Promise<Status | undefined> {
  const { window, l10n } = code;
  const found = await findControlPlane(controlPlane.home);
  if (!found) {
    const start = l10n.t('Start');
    const chosen = await window.showInformationMessage(l10n.t('The control plane of {0} does not run.', controlPlane.home), start);
    return chosen === start ? runCommand(code, 'spell.controlPlane.start') : undefined;
  }
  found.client.close();
  const { version, gatewayUrl } = found.status;
  void window.showInformationMessage(
    l10n.t('Spell {0} runs; its endpoints are below {1}', version, gatewayUrl ?? l10n.t('(the gateway is starting)')),
  );
  return found.status;
}
