import type * as vscode from 'vscode';
import type { Context } from '../../context.ts';
import { type CommandId, runCommand } from '../../contributions.ts';
import { answered } from '../cancelled.ts';

/** What a click on the status bar item offers: what makes sense in the state that the control plane is in. */
export async function showControlPlaneMenu({ code, controlPlane }: Context): Promise<true> {
  const { window, l10n, ThemeIcon } = code;
  const entry = (id: CommandId, icon: string, label: string): vscode.QuickPickItem & { id: CommandId } => ({
    id,
    label,
    iconPath: new ThemeIcon(icon),
  });
  const { kind } = controlPlane.state;
  const runs = kind === 'ready' || kind === 'lost' || kind === 'starting';
  const items = [
    ...(controlPlane.olderGateway === undefined
      ? []
      : [entry('spell.controlPlane.replaceGateway', 'sync', l10n.t('Replace the gateway now… (version {0})', controlPlane.olderGateway))]),
    ...(runs
      ? [
          entry('spell.controlPlane.showStatus', 'info', l10n.t('Show status')),
          entry('spell.controlPlane.restart', 'debug-restart', l10n.t('Restart')),
          entry('spell.controlPlane.stop', 'debug-stop', l10n.t('Stop everything…')),
        ]
      : [entry('spell.controlPlane.start', 'debug-start', kind === 'failed' ? l10n.t('Retry') : l10n.t('Start'))]),
    entry('spell.controlPlane.showLog', 'output', l10n.t('Show log')),
    entry('spell.controlPlane.switchContext', 'plug', l10n.t('Switch context… ({0})', controlPlane.context)),
    entry('spell.controlPlane.collectDiagnostics', 'bug', l10n.t('Collect diagnostics')),
  ];
  const { id } = await answered(window.showQuickPick(items, { title: l10n.t('Spell control plane') }));
  await runCommand(code, id);
  return true;
}
