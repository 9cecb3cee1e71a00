import type { ModelVersion } from '../../../runtime/api/objects.ts';
import { shownSize } from '../../../runtime/api/shown-size.ts';
import type { Context } from '../../context.ts';
import type { CreateModelOptions, ResourceTarget } from '../../contributions.ts';
import { hasFiles, pickRun } from '../../pick/pick-resource.ts';
import { answered } from '../cancelled.ts';
import { createModel } from '../model/create.ts';

/** *Spell: Create Model from Run*: makes a model of all that a run saved, or of some of its files. */
export async function createModelFromRun(
  context: Context,
  target?: ResourceTarget,
  _targets?: readonly ResourceTarget[],
  options: CreateModelOptions = {},
): Promise<ModelVersion> {
  const { l10n } = context.code;
  const run = await pickRun(context, l10n.t('Create a model from a run'), target, hasFiles);
  // Whoever answers the name beforehand wants no questions.
  const files = options.files ?? (options.name === undefined ? await askFiles(context, run) : undefined);
  return createModel(context, run, undefined, { ...options, ...(files ? { files } : {}) });
}

/** Which of its files, where it has several; undefined for all of them. */
async function askFiles({ client, code }: Context, { resource }: ResourceTarget): Promise<string[] | undefined> {
  const { window, l10n } = code;
  const { entries } = await client.describeResource({ kind: 'runs', name: resource.replace(/^runs\//, '') });
  if (entries.length < 2) return undefined;
  const items = entries.map(({ path, size }) => ({ label: path, description: shownSize(size), picked: true }));
  const title = l10n.t('Create a model from {0}', resource);
  const chosen = await answered(
    window.showQuickPick(items, { title, placeHolder: l10n.t('Which files belong to it?'), canPickMany: true }),
  );
  return chosen.length === 0 || chosen.length === items.length ? undefined : chosen.map(({ label }) => label);
}
