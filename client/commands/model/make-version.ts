import { basename } from 'node:path';
import { nameProblem } from '../../../runtime/api/names.ts';
import type { ModelVersion } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import type { CreateModelOptions } from '../../contributions.ts';
import { upload } from '../../operations/upload.ts';
import { shownVersion } from '../../trees/models.ts';
import type { ModelSource } from './model-source.ts';

/** Uploads what has to be, makes the version, and says which number it got. An empty version name is none. */
export async function makeVersion(
  context: Context,
  source: ModelSource,
  name: string,
  { version, files, description }: CreateModelOptions,
): Promise<ModelVersion> {
  const { client, code } = context;
  const resource = 'resource' in source ? source.resource : (await upload(context, source.path, uploadName(source.path, name))).path;
  const made = await client.createModel({
    body: {
      name,
      resource,
      ...(version ? { version } : {}),
      ...(files ? { files } : {}),
      ...(description === undefined ? {} : { description }),
    },
  });
  void code.window.showInformationMessage(code.l10n.t('Created {0}:{1} from {2}.', made.model, shownVersion(made), made.resource));
  return made;
}

/** The file's own name where that is one; else the model's. */
function uploadName(path: string, model: string): string {
  return nameProblem('resource', basename(path)) === undefined ? basename(path) : model;
}
