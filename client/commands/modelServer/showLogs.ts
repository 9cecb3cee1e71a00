import type * as vscode from 'vscode';
import type { Context } from '../../context.ts';
import type { LogsTarget } from '../../contributions.ts';
import { logsUri } from '../../logs/log-documents.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';

/** *Spell: Show Logs*: what a model server's pods, or one of them, printed until now, as a document. */
export async function showLogs(context: Context, target?: LogsTarget): Promise<vscode.Uri> {
  const { code, controlPlane } = context;
  const { l10n, window, workspace } = code;
  const wanted = { title: l10n.t('Show the logs of'), none: l10n.t('There is no model server.') };
  const chosen = await pickModelServer(context, wanted, target);
  await controlPlane.connect();
  const pod = target?.pod;
  const uri = logsUri(code, { ...chosen, ...(pod === undefined ? {} : { pod }) }, new Date());
  const document = await workspace.openTextDocument(uri);
  const end = document.lineAt(document.lineCount - 1).range.end;
  await window.showTextDocument(document, { preview: true, selection: new code.Range(end, end) });
  return document.uri;
}
