import type { Context } from '../../context.ts';
import type { ExportOptions } from '../../contributions.ts';
import { answered } from '../cancelled.ts';

/** *Spell: Export Log…*: writes what the log panel shows, as its filter has it, into a file. Returns the file's path. */
export async function exportLog(
  context: Context,
  _target?: never,
  _targets?: readonly never[],
  options: ExportOptions = {},
): Promise<string> {
  const { code, logPanel } = context;
  const { window, workspace, l10n, Uri } = code;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const name = `${logPanel.target?.name ?? 'log'}.spell-log`;
  const filters = { [l10n.t('Spell log')]: ['spell-log', 'log', 'txt'] };
  const chosen =
    options.file === undefined
      ? await answered(window.showSaveDialog({ filters, ...(folder ? { defaultUri: Uri.joinPath(folder, name) } : {}) }))
      : Uri.file(options.file);
  await workspace.fs.writeFile(chosen, new TextEncoder().encode(await logPanel.text()));
  window.setStatusBarMessage(l10n.t('The log was written to {0}', chosen.fsPath), 5000);
  return chosen.fsPath;
}
