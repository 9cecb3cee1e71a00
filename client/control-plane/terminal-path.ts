import { delimiter } from 'node:path';
import type { Contribution } from '../context.ts';
import { readSetting } from '../contributions.ts';

/** Puts the `spell` command of this extension on the `PATH` of the editor's terminals, for the home that the editor uses. */
export const terminalPath: Contribution = {
  register({ code, extension }) {
    const variables = extension.environmentVariableCollection;
    variables.description = code.l10n.t('Puts the `spell` command on `PATH`.');
    const folder = code.Uri.joinPath(extension.extensionUri, 'bin', 'terminal').fsPath;
    const told = { applyAtProcessCreation: true, applyAtShellIntegration: true };
    variables.prepend('PATH', `${folder}${delimiter}`, told);
    // The path of the editor's runtime changes with its updates; it is set anew at each start.
    variables.replace('SPELL_NODE', process.execPath, told);
    const home = readSetting(code, 'controlPlane.home');
    if (home) variables.replace('SPELL_HOME', home, told);
    else variables.delete('SPELL_HOME');
    return { dispose: () => {} };
  },
};
