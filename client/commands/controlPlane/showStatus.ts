import type * as vscode from 'vscode';
import { findControlPlane } from '../../../runtime/api/connect/find.ts';
import { spellHome } from '../../../runtime/api/home.ts';
import type { Status } from '../../../runtime/api/objects.ts';

export const showStatusId = 'spell.controlPlane.showStatus';

/** *Spell: Show Status*: says whether the control plane runs, and where. Starts nothing. Returns the status for callers. */
export function registerShowStatus({ commands, window, workspace, l10n }: typeof vscode): vscode.Disposable {
  return commands.registerCommand(showStatusId, async (): Promise<Status | undefined> => {
    const home = workspace.getConfiguration('spell').get<string>('controlPlane.home') || spellHome();
    const found = await findControlPlane(home);
    if (!found) {
      window.showInformationMessage(l10n.t('The control plane of {0} does not run. Start it in a terminal: spell up', home));
      return undefined;
    }
    found.client.close();
    const { version, gatewayUrl } = found.status;
    window.showInformationMessage(
      l10n.t('Spell {0} runs; its endpoints are below {1}', version, gatewayUrl ?? l10n.t('(the gateway is starting)')),
    );
    return found.status;
  });
}
