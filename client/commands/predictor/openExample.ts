import { join } from 'node:path';
import type * as vscode from 'vscode';
import { exists } from '../../../runtime/api/project/project-root.ts';
import type { Context } from '../../context.ts';
import { createFiles } from '../../predictors/create-files.ts';

/** *Spell: Open an Example*: a predictor among the extension's own files, to serve and to play with. It stays as one left it. */
export async function openExample({ code, extension }: Context): Promise<vscode.Uri> {
  const folder = join(extension.globalStorageUri.fsPath, 'examples', 'hello');
  const file = join(folder, 'predictor.py');
  if (!(await exists(file))) await createFiles({ template: 'plain', name: 'hello', folder });
  const document = await code.workspace.openTextDocument(file);
  await code.window.showTextDocument(document, { preview: false });
  return document.uri;
}
