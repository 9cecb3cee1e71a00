import type * as vscode from 'vscode';
import type { Context } from '../../context.ts';
import type { LogsAbout } from '../../contributions.ts';
import { logsUri } from '../../logs/log-documents.ts';
import { pickLogs } from '../../pick/pick-logs.ts';

/** *Spell: Open Log in Editor*: what a model server's pods, or one of them, printed until now, as a document. */
export async function openLogInEditor(context: Context, target?: LogsAbout): Promise<vscode.Uri> {
  const { code, controlPlane, logPanel } = context;
  const { l10n, window, workspace } = code;
  const wanted = { title: l10n.t('Open the log of'), none: l10n.t('There is no model server.') };
  const chosen = await pickLogs(context, wanted, target ?? logPanel.target);
  await controlPlane.connect();
  const uri = logsUri(code, chosen, new Date());
  const document = await workspace.openTextDocument(uri);
  const end = document.lineAt(document.lineCount - 1).range.end;
  await window.showTextDocument(document, { preview: true, selection: new code.Range(end, end) });
  return document.uri;
}
