import { basename } from 'node:path';
import type * as vscode from 'vscode';
import { nameProblem } from '../../../runtime/api/names.ts';
import type { Resource } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import type { UploadOptions } from '../../contributions.ts';
import { upload } from '../../operations/upload.ts';
import { answered } from '../cancelled.ts';

/** *Spell: Upload*: sends a file or folder of the explorer, or one that is chosen, as `uploads/NAME`. */
export async function uploadResource(
  context: Context,
  target?: vscode.Uri,
  _targets?: readonly vscode.Uri[],
  options: UploadOptions = {},
): Promise<Resource> {
  const { window, l10n } = context.code;
  const { fsPath } = target ?? (await askWhat(context));
  const name = options.name ?? (await askName(context, l10n.t('Upload'), basename(fsPath)));
  const resource = await upload(context, fsPath, name);
  window.setStatusBarMessage(l10n.t('Uploaded {0}', resource.path), 5000);
  return resource;
}

async function askWhat({ code }: Context): Promise<vscode.Uri> {
  const { window, l10n } = code;
  const [first] = await answered(
    window.showOpenDialog({ canSelectFiles: true, canSelectFolders: true, title: l10n.t('Upload'), openLabel: l10n.t('Upload') }),
  );
  return first as vscode.Uri;
}

/** Asks for the name of an upload; what is wrong with one is said while it is typed. */
async function askName({ code, inventory }: Context, title: string, value: string): Promise<string> {
  const { window, l10n } = code;
  return answered(
    window.showInputBox({
      title,
      prompt: l10n.t('A name for the upload'),
      value,
      validateInput: (text) => {
        const problem = nameProblem('resource', text);
        if (problem) return problem;
        if (!inventory.resources.get(`uploads/${text}`)) return undefined;
        return { message: l10n.t('uploads/{0} exists and will be replaced', text), severity: code.InputBoxValidationSeverity.Warning };
      },
    }),
  );
}
