import type * as vscode from 'vscode';
import type { Contribution } from '../context.ts';
import type { CommandId } from '../contributions.ts';
import type { ControlPlane } from './control-plane.ts';

/** One item for the control plane: how it is, and which; a click shows what can be done. */
export const controlPlaneStatusBar: Contribution = {
  register({ code, controlPlane }) {
    const { window, l10n, StatusBarAlignment } = code;
    const item = window.createStatusBarItem('spell.controlPlane', StatusBarAlignment.Left);
    item.name = l10n.t('Spell control plane');
    item.command = 'spell.controlPlane.showMenu' satisfies CommandId;
    const draw = (): void => {
      const { icon, words, look } = appearance(code, controlPlane);
      item.text = `$(${icon}) Spell`;
      item.tooltip = `${words}\n${controlPlane.context}: ${controlPlane.home}`;
      item.accessibilityInformation = { label: l10n.t('Spell: {0}', words) };
      item.backgroundColor = look === undefined ? undefined : new code.ThemeColor(look);
    };
    const listening = controlPlane.onDidChange(draw);
    draw();
    item.show();
    return { dispose: () => [item, listening].forEach((each) => void each.dispose()) };
  },
};

function appearance(
  { l10n }: typeof vscode,
  { state, isNewer, olderGateway }: ControlPlane,
): { icon: string; words: string; look?: string } {
  switch (state.kind) {
    case 'absent':
      return { icon: 'circle-large-outline', words: l10n.t('The control plane does not run; it is started when it is needed.') };
    case 'stopped':
      return { icon: 'circle-slash', words: l10n.t('The control plane was stopped.') };
    case 'starting':
      return { icon: 'loading~spin', words: l10n.t('The control plane is starting.') };
    case 'ready':
      return isNewer
        ? {
            icon: 'server-process',
            words: l10n.t('The control plane, version {0}, is newer than this extension: update the extension.', state.status.version),
            look: 'statusBarItem.warningBackground',
          }
        : { icon: 'server-process', words: readyWords(l10n, state.status.version, olderGateway) };
    case 'lost':
      return {
        icon: 'sync~spin',
        words: l10n.t('The control plane went away and is waited for; model servers go on answering.'),
        look: 'statusBarItem.warningBackground',
      };
    case 'failed':
      return { icon: 'error', words: state.error.message, look: 'statusBarItem.errorBackground' };
    default:
      return state satisfies never;
  }
}

function readyWords(l10n: typeof vscode.l10n, version: string, olderGateway: string | undefined): string {
  const runs = l10n.t('The control plane runs, version {0}.', version);
  if (olderGateway === undefined) return runs;
  return `${runs}\n${l10n.t('The gateway is still version {0}: it is replaced as soon as nothing runs, or by a click here.', olderGateway)}`;
}
