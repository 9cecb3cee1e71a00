import type * as vscode from 'vscode';
import type { ModelVersion } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import type { CreateModelOptions, ResourceTarget } from '../../contributions.ts';
import { askModelName, askVersionName } from './ask-names.ts';
import { makeVersion } from './make-version.ts';
import { askSource } from './model-source.ts';

/** *Spell: Create Model*: makes a model from an upload, or from a file or folder, which is uploaded first. */
export async function createModel(
  context: Context,
  target?: ResourceTarget | vscode.Uri,
  _targets?: readonly (ResourceTarget | vscode.Uri)[],
  options: CreateModelOptions = {},
): Promise<ModelVersion> {
  const { l10n } = context.code;
  const source = await askSource(context, l10n.t('Create a model'), target, options);
  if (options.name !== undefined) return makeVersion(context, source, options.name, options);
  const name = await askModelName(context, source.name.replace(/\.[^.]+$/, ''));
  const version = options.version ?? (await askVersionName(context, name));
  return makeVersion(context, source, name, { ...options, version });
}
