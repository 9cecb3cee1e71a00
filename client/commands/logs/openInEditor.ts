import type * as vscode from 'vscode';
import type { Context } from '../../context.ts';
import { logsUri } from '../../logs/log-documents.ts';
import type { LogsTarget } from '../../logs/messages.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';

/** *Spell: Open Log in Editor*: what a model server's pods, or one of them, printed until now, as a document. */
export async function openLogInEditor(context: Context, target?: LogsTarget): Promise<vscode.Uri> {
  const { code, controlPlane, logPanel } = context;
  const { l10n, window, workspace } = code;
  const wanted = { title: l10n.t('Open the log of'), none: l10n.t('There is no model server.') };
  const shown = target ?? logPanel.target;
  const chosen = await pickModelServer(context, wanted, shown);
  await controlPlane.connect();
  const uri = logsUri(code, { ...chosen, ...(shown?.pod === undefined ? {} : { pod: shown.pod }) }, new Date());
  const document = await workspace.openTextDocument(uri);
  const end = document.lineAt(document.lineCount - 1).range.end;
  await window.showTextDocument(document, { preview: true, selection: new code.Range(end, end) });
  return document.uri;
}
