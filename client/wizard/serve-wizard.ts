import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type * as vscode from 'vscode';
import { nameProblem, parseModelRef } from '../../runtime/api/names.ts';
import type { SaidSettings } from '../../runtime/api/project/said.ts';
import type { Context } from '../context.ts';
import { runCommand } from '../contributions.ts';
import { readFor } from '../pick/read-for.ts';
import { entrypointOf } from '../predictors/entrypoint.ts';
import { proposedServing } from '../predictors/known-serving.ts';
import { type Draft, type ReviewAction, review } from './review.ts';
import { askList, askSome, askText, back, runSteps, type Step } from './steps.ts';

/** What somebody decided at the end. */
export interface ServeAnswers {
  said: SaidSettings;
  action: 'serve' | 'save' | 'copy';
}

/** Files that are looked into for predictors when none was named. */
const mostFiles = 500;

/** Asks for what is to be served: the file, its models, its name, then everything at once to look at. Does nothing itself. */
export async function askServe(context: Context, known: SaidSettings): Promise<ServeAnswers> {
  const { l10n } = context.code;
  const draft: Draft = { said: known, folder: folderOf(known) };
  let action: ServeAnswers['action'] = 'serve';
  const last: Step = async (place) => {
    const answer = await review(context, place, draft, () => actions(context));
    if (answer === back) return back;
    action = answer as ServeAnswers['action'];
    return undefined;
  };
  const file = entrypointOf(known) === undefined ? [fileStep(context, draft)] : [];
  await runSteps(l10n.t('Serve a predictor'), [...file, modelsStep(context, draft), nameStep(context, draft), last]);
  return { said: draft.said, action };
}

function folderOf(said: SaidSettings): string {
  const file = entrypointOf(said);
  return file === undefined ? process.cwd() : dirname(file);
}

function actions({ code: { l10n, ThemeIcon } }: Context): ReviewAction[] {
  const entry = (action: ServeAnswers['action'], icon: string, label: string): ReviewAction => ({
    action,
    label,
    iconPath: new ThemeIcon(icon),
  });
  return [
    entry('serve', 'play', l10n.t('Serve')),
    entry('save', 'save', l10n.t('Save as spell.yaml and serve')),
    entry('copy', 'copy', l10n.t('Copy the command line')),
  ];
}

function fileStep(context: Context, draft: Draft): Step {
  const { code } = context;
  const { l10n, ThemeIcon, window, workspace } = code;
  return async (place) => {
    const elsewhere = { label: l10n.t('Choose a file…'), iconPath: new ThemeIcon('file'), file: '' };
    for (;;) {
      const found = (await predictorFiles(code)).map(({ fsPath }) => ({ label: workspace.asRelativePath(fsPath), file: fsPath }));
      const items = [...found.sort((a, b) => a.label.localeCompare(b.label)), elsewhere];
      const answer = await askList(code, place, { placeholder: l10n.t("The predictor's file"), items });
      if (answer === back) return back;
      const file =
        answer[0]?.file || (await window.showOpenDialog({ filters: { Python: ['py'] }, openLabel: l10n.t('Serve') }))?.[0]?.fsPath;
      // A dialog that was closed leads back to the list.
      if (file === undefined) continue;
      // What was answered for another file says nothing about this one.
      if (file !== entrypointOf(draft.said)) draft.said = await proposedServing(context, file);
      draft.folder = dirname(file);
      return undefined;
    }
  };
}

/** Files of the workspace that mention the class that predictors extend. */
async function predictorFiles({ workspace }: typeof vscode): Promise<vscode.Uri[]> {
  const files = await workspace.findFiles('**/*.py', '**/{.venv,venv,node_modules,site-packages}/**', mostFiles);
  const texts = await Promise.all(files.map(({ fsPath }) => readFile(fsPath, 'utf8').catch(() => '')));
  return files.filter((_, index) => texts[index]?.includes('BasePredictor'));
}

/** Which models; one that is not there yet is created on the way, and chosen then. */
function modelsStep(context: Context, draft: Draft): Step {
  const { code, inventory } = context;
  const { l10n, ThemeIcon } = code;
  const create: vscode.QuickPickItem = { label: l10n.t('Create new model…'), iconPath: new ThemeIcon('add'), alwaysShow: true };
  const none: vscode.QuickPickItem = {
    label: l10n.t('No model'),
    description: l10n.t('the predictor brings what it needs'),
    iconPath: new ThemeIcon('circle-slash'),
  };
  return async (place) => {
    for (;;) {
      await readFor(context, inventory.models);
      const models = inventory.models.items.map(
        ({ name, latestVersion: { number } }): vscode.QuickPickItem => ({
          label: chosenModels(draft).find((each) => parseModelRef(each).name === name) ?? name,
          description: l10n.t('newest: v{0}', number),
        }),
      );
      const answer = await (models.length === 0
        ? askList(code, place, { placeholder: l10n.t('There is no model yet'), items: [none, create] })
        : askSome(code, place, {
            placeholder: l10n.t('The models that it loads, or none'),
            items: models,
            chosen: models.filter(({ label }) => chosenModels(draft).includes(label)),
            instead: create,
          }));
      if (answer === back) return back;
      if (!answer.includes(create)) {
        sayModels(
          draft,
          answer.filter((each) => each !== none).map(({ label }) => label),
        );
        return undefined;
      }
      const made = await runCommand(code, 'spell.model.create');
      if (!made) continue;
      // Its event may be on the way still.
      await inventory.models.refresh(made.model);
      sayModels(draft, [...chosenModels(draft).filter((each) => parseModelRef(each).name !== made.model), made.model]);
    }
  };
}

function chosenModels({ said }: Draft): string[] {
  return (said.model?.value ?? []) as string[];
}

function sayModels(draft: Draft, value: string[]): void {
  const { model: _, ...others } = draft.said;
  draft.said = value.length === 0 ? others : { ...others, model: { value, where: 'model', folder: draft.folder } };
}

function nameStep(context: Context, draft: Draft): Step {
  const { code, inventory } = context;
  const { l10n } = code;
  return async (place) => {
    await readFor(context, inventory.modelServers);
    const answer = await askText(code, place, {
      prompt: l10n.t('A name for the model server: its address ends with it'),
      value: suggestedName(draft.said),
      problem: (text) => {
        const problem = nameProblem('model server', text);
        const existing = inventory.modelServers.get(`local/${text}`);
        if (problem || !existing || existing.state === 'failed') return problem;
        return l10n.t('{0} exists already: update it, or choose another name', text);
      },
    });
    if (answer === back) return back;
    draft.said = { ...draft.said, 'server-name': { value: answer, where: 'server-name', folder: draft.folder } };
    return undefined;
  };
}

/** What it was called, else its only model, else its folder where that is a name, as a person would. */
function suggestedName({ 'server-name': name, model, ...said }: SaidSettings): string {
  if (typeof name?.value === 'string') return name.value;
  const models = Array.isArray(model?.value) ? model.value : [];
  if (models.length === 1) return parseModelRef(models[0] ?? '').name;
  const file = entrypointOf(said) ?? '';
  const folder = basename(dirname(file));
  return nameProblem('model server', folder) === undefined ? folder : basename(file, '.py');
}
