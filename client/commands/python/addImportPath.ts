import type * as vscode from 'vscode';
import type { Context } from '../../context.ts';
import type { ImportTarget } from '../../contributions.ts';
import { importFolder, linkPackages } from '../../python/import-path.ts';

/**
 * *Spell: Show the Editor Where spell.serving Is*: adds the folder of a module that workers bring to the paths that an analyser of
 * Python searches, and returns the folder. The setting changes where it is set already, else for all windows of this person: the
 * folder is one of this machine, nothing to share with a project.
 */
export async function addImportPath(context: Context, target?: ImportTarget): Promise<string> {
  const { ConfigurationTarget, Uri, l10n, window, workspace } = context.code;
  const { module, section, uri } = target ?? { module: 'spell', section: 'python.analysis', uri: undefined };
  await linkPackages(context);
  const folder = importFolder(context, module);
  const configuration = workspace.getConfiguration(section, uri === undefined ? undefined : Uri.parse(uri));
  const set = configuration.inspect<string[]>('extraPaths');
  const [paths, where]: [string[], vscode.ConfigurationTarget] = set?.workspaceFolderValue
    ? [set.workspaceFolderValue, ConfigurationTarget.WorkspaceFolder]
    : set?.workspaceValue
      ? [set.workspaceValue, ConfigurationTarget.Workspace]
      : [set?.globalValue ?? [], ConfigurationTarget.Global];
  if (!paths.includes(folder)) await configuration.update('extraPaths', [...paths, folder], where);
  window.setStatusBarMessage(l10n.t('{0} is searched for in {1}', module, folder), 3000);
  return folder;
}
