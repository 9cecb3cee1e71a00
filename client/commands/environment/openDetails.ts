import type * as vscode from 'vscode';
import type { Context } from '../../context.ts';
import type { EnvironmentTarget } from '../../contributions.ts';
import { environmentUri } from '../../environments/environment-documents.ts';
import { pickEnvironment } from '../../pick/pick-environment.ts';

/** *Spell: Open Environment*: what it is made from, who uses it, and what its installer printed, as a document that ends with the newest. */
export async function openEnvironment(context: Context, target?: EnvironmentTarget): Promise<vscode.Uri> {
  const { code, controlPlane } = context;
  const { environment } = await pickEnvironment(context, code.l10n.t('Open an environment'), target);
  await controlPlane.connect();
  const document = await code.workspace.openTextDocument(environmentUri(code, environment));
  const end = document.lineAt(document.lineCount - 1).range.end;
  await code.window.showTextDocument(document, { preview: true, selection: new code.Range(end, end) });
  return document.uri;
}
