import { basename, dirname, join, relative } from 'node:path';
import type * as vscode from 'vscode';
import { SpellError } from '../../../runtime/api/errors.ts';
import { nameProblem } from '../../../runtime/api/names.ts';
import { exists } from '../../../runtime/api/project/project-root.ts';
import type { Context } from '../../context.ts';
import type { CreatePredictorOptions } from '../../contributions.ts';
import { createFiles, placeFor } from '../../predictors/create-files.ts';
import { type Template, templates } from '../../predictors/templates.ts';
import { askList, askText, back, runSteps } from '../../wizard/steps.ts';
import { answered, Cancelled } from '../cancelled.ts';

/**
 * *Spell: Create a Predictor…*: a predictor that is served as it is, its `spell.yaml` and a payload that it answers, in a folder.
 * Opens the code and returns its URI.
 */
export async function createPredictor(
  context: Context,
  target?: vscode.Uri,
  _targets?: readonly vscode.Uri[],
  options: CreatePredictorOptions = {},
): Promise<vscode.Uri> {
  const { code } = context;
  const folder = await folderFor(context, target);
  const { template = 'plain', name = '' } = options.template && options.name ? options : await ask(context, folder, options);
  const problem = nameProblem('model server', name);
  if (problem) throw new SpellError('bad-name', problem, code.l10n.t('Choose another name: nothing was written.'));
  const file = await createFiles({ template, name, folder });
  const document = await code.workspace.openTextDocument(file);
  await code.window.showTextDocument(document, { preview: false });
  return document.uri;
}

/** The folder that was named, that of a file that was named, the workspace's, or the one that somebody chooses. */
async function folderFor({ code }: Context, target: vscode.Uri | undefined): Promise<string> {
  const { l10n, window, workspace, FileType } = code;
  if (target) {
    const { type } = await workspace.fs.stat(target);
    return (type & FileType.Directory) === 0 ? dirname(target.fsPath) : target.fsPath;
  }
  const folders = workspace.workspaceFolders ?? [];
  const [first, ...others] = folders;
  if (first && others.length === 0) return first.uri.fsPath;
  if (first) return (await answered(window.showWorkspaceFolderPick())).uri.fsPath;
  const chosen = await window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, openLabel: l10n.t('Create Here') });
  if (!chosen?.[0]) throw new Cancelled();
  return chosen[0].fsPath;
}

async function ask(
  { code, inventory }: Context,
  folder: string,
  { template: said }: CreatePredictorOptions,
): Promise<{ template: Template; name: string }> {
  const { l10n, workspace } = code;
  const words: Record<Template, { label: string; detail: string }> = {
    plain: { label: l10n.t('One request at a time'), detail: l10n.t('predict gets one payload and returns one answer') },
    batched: { label: l10n.t('In batches'), detail: l10n.t('predict gets what waits together, for models that are faster that way') },
    prepared: {
      label: l10n.t('In batches, prepared one by one'),
      detail: l10n.t('prepare decodes and checks each payload, predict gets the results together'),
    },
  };
  const draft = { template: said ?? ('plain' as Template), name: '' };
  await runSteps(l10n.t('Create a predictor'), [
    async (place) => {
      const items = templates.map((template) => ({ template, ...words[template] }));
      const answer = await askList(code, place, { placeholder: l10n.t('How it gets its requests'), items });
      if (answer === back || !Array.isArray(answer)) return back;
      draft.template = answer[0]?.template ?? draft.template;
      return undefined;
    },
    async (place) => {
      const shown = relative(dirname(workspace.workspaceFolders?.[0]?.uri.fsPath ?? folder), folder) || folder;
      const answer = await askText(code, place, {
        prompt: l10n.t('A name for its model server: the address ends with it. The files are made in {0}.', shown),
        value: nameProblem('model server', basename(folder)) === undefined ? basename(folder) : 'predictor',
        problem: async (name) => {
          const problem = nameProblem('model server', name);
          if (problem) return problem;
          if (inventory.modelServers.get(`local/${name}`)) return l10n.t('{0} is a model server already: choose another name', name);
          const into = await placeFor({ template: draft.template, name, folder });
          const taken = into !== folder && (await exists(into));
          return taken ? l10n.t('there is a folder {0} already: choose another name', join(shown, name)) : undefined;
        },
      });
      if (answer === back) return back;
      draft.name = answer;
      return undefined;
    },
  ]);
  return draft;
}
