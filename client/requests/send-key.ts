import type * as vscode from 'vscode';

/**
 * The key that sends a payload, as `package.json` binds it, in the editor's words. Whose keyboard it is can be told of a window on this
 * machine alone: to one that is remote or in a browser both keys are named.
 */
export function sendKey({ env, l10n, UIKind }: Pick<typeof vscode, 'env' | 'l10n' | 'UIKind'>, platform: NodeJS.Platform): string {
  const [elsewhere, onMac] = ['Ctrl+Enter', '⌘Enter'];
  if (env.uiKind === UIKind.Web || env.remoteName !== undefined) return l10n.t('{0} ({1} on macOS)', elsewhere, onMac);
  return platform === 'darwin' ? onMac : elsewhere;
}
