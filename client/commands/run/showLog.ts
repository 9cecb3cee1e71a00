import type * as vscode from 'vscode';
import { parseResourceRef } from '../../../runtime/api/names.ts';
import type { Context } from '../../context.ts';
import type { ResourceTarget } from '../../contributions.ts';
import { pickRun } from '../../pick/pick-resource.ts';
import { runLogUri } from '../../runs/run-log-documents.ts';

/** *Spell: Show Run Log*: what its command printed, as a document. */
export async function showRunLog(context: Context, target?: ResourceTarget): Promise<vscode.Uri> {
  const { code, controlPlane } = context;
  const { resource } = await pickRun(context, code.l10n.t('Show the log of a run'), target);
  await controlPlane.connect();
  const document = await code.workspace.openTextDocument(runLogUri(code, parseResourceRef(resource)?.name ?? resource));
  const end = document.lineAt(document.lineCount - 1).range.end;
  await code.window.showTextDocument(document, { preview: true, selection: new code.Range(end, end) });
  return document.uri;
}
