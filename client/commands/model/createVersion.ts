import type * as vscode from 'vscode';
import type { ModelVersion } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import { type CreateModelOptions, isModelTarget, type ModelTarget, type ResourceTarget } from '../../contributions.ts';
import { pickModel } from '../../pick/pick-model.ts';
import { askVersionName } from './ask-names.ts';
import { makeVersion } from './make-version.ts';
import { askSource } from './model-source.ts';

/** *Spell: Create Model Version*: makes the next version of a model, from an upload, or from a file or folder. */
export async function createModelVersion(
  context: Context,
  target?: ModelTarget | ResourceTarget | vscode.Uri,
  _targets?: readonly (ModelTarget | ResourceTarget | vscode.Uri)[],
  options: CreateModelOptions = {},
): Promise<ModelVersion> {
  const { l10n } = context.code;
  const [model, from] = isModelTarget(target) ? [target, undefined] : [undefined, target];
  const name = options.name ?? (await pickModel(context, l10n.t('Create a version of'), model)).model;
  const source = await askSource(context, l10n.t('Create a version of {0}', name), from, options);
  const isAnswered = options.version !== undefined || options.resource !== undefined || options.path !== undefined;
  return makeVersion(context, source, name, isAnswered ? options : { ...options, version: await askVersionName(context, name) });
}
