import type * as vscode from 'vscode';
import { parseModelRef } from '../../runtime/api/names.ts';
import { listOf } from '../../runtime/api/project/list-settings.ts';
import type { Context } from '../context.ts';
import { type ModelServerTarget, runCommand } from '../contributions.ts';
import { hasVersions } from '../inventory/inventory.ts';
import { versionItems } from '../pick/pick-version.ts';
import { readFor } from '../pick/read-for.ts';
import { askList, type Back, back, type Place, runSteps, type Step } from './steps.ts';

/** Asks which model a model server shall have besides its own, and which version of it: `NAME:VERSION`. Does nothing itself, but a model that is created on the way stays. */
export async function askServedModel(context: Context, target: ModelServerTarget): Promise<string> {
  const { code, client, inventory } = context;
  const { l10n } = code;
  const served = listOf(await client.describeModelServer(target), 'model').map((each) => parseModelRef(each).name);
  let model = '';
  let version = 0;
  const modelStep: Step = async (place) => {
    const answer = await askModel(context, place, served);
    if (answer === back) return back;
    model = answer;
    return undefined;
  };
  const versionStep: Step = async (place) => {
    const versions = (await inventory.models.detail(model, hasVersions))?.versions ?? [];
    const question = { placeholder: l10n.t('The version of {0}', model), items: versionItems(l10n, versions) };
    const answer = await askList(code, place, question);
    if (answer === back) return back;
    version = answer[0]?.version ?? 0;
    return undefined;
  };
  await runSteps(l10n.t('Add a model to {0}', target.name), [modelStep, versionStep]);
  return `${model}:v${version}`;
}

/** One that it does not have, or one that is created on the way. */
async function askModel(context: Context, place: Place, served: readonly string[]): Promise<string | Back> {
  const { code, inventory } = context;
  const { l10n, ThemeIcon } = code;
  const create: vscode.QuickPickItem = { label: l10n.t('Create new model…'), iconPath: new ThemeIcon('add'), alwaysShow: true };
  for (;;) {
    await readFor(context, inventory.models);
    const models = inventory.models.items
      .filter(({ name }) => !served.includes(name))
      .map(({ name, latestVersion: { number } }) => ({ label: name, description: l10n.t('newest: v{0}', number) }));
    const answer = await askList(code, place, {
      placeholder: l10n.t('The model that its predictor shall load, too'),
      items: [...models, create],
    });
    if (answer === back) return back;
    if (answer[0] !== create) return answer[0]?.label ?? '';
    const made = await runCommand(code, 'spell.model.create');
    if (!made) continue;
    // Its event may be on the way still.
    await inventory.models.refresh(made.model);
    return made.model;
  }
}
