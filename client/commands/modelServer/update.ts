import { dirname } from 'node:path';
import type { ModelServer } from '../../../runtime/api/objects.ts';
import type { SaidSettings } from '../../../runtime/api/project/said.ts';
import type { Context } from '../../context.ts';
import type { CommandTarget, ServerTarget, UpdateOptions } from '../../contributions.ts';
import { updateSaid } from '../../operations/serve.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';
import { saidByFile, saidByValues } from '../../predictors/entrypoint.ts';
import { knownServing } from '../../predictors/known-serving.ts';
import { askUpdate } from '../../wizard/update-wizard.ts';
import { offerNext } from './offer-next.ts';

/**
 * *Spell: Update…*: changes a model server by what one changes and nothing else, after showing what differs. With an
 * entrypoint, as a code lens names it, the code is taken again without a question, with what its `spell.yaml` says of that server.
 */
export async function updateModelServer(
  context: Context,
  target?: CommandTarget<'spell.modelServer.update'>,
  _targets?: readonly ServerTarget[],
  options: UpdateOptions = { check: 'ask', recreate: 'ask' },
): Promise<ModelServer> {
  const { code } = context;
  const { l10n, Uri } = code;
  const wanted = { title: l10n.t('Update a model server'), none: l10n.t('There is no model server.') };
  const { owner, name } = await pickModelServer(context, wanted, target);
  const uri = options.entrypoint ?? (target instanceof Uri ? undefined : target?.entrypoint);
  const file = uri === undefined ? undefined : Uri.parse(uri).fsPath;
  const { said, unset } =
    options.settings || options.unset
      ? { said: answered(options, file), unset: options.unset ?? [] }
      : file !== undefined
        ? { said: await ofFile(context, file, name), unset: [] }
        : await askUpdate(context, { owner, name });
  const server = await updateSaid(context, { owner, name }, said, { ...options, unset });
  offerNext(context, server, l10n.t('Revision {0} of {1} answers.', server.revision, name));
  return server;
}

function answered({ settings = {} }: UpdateOptions, file: string | undefined): SaidSettings {
  const folder = file === undefined ? process.cwd() : dirname(file);
  return { ...saidByValues(settings, folder), ...(file === undefined ? {} : saidByFile(file)) };
}

async function ofFile(context: Context, file: string, name: string): Promise<SaidSettings> {
  const known = await knownServing(context, file);
  return known?.['server-name']?.value === name ? known : saidByFile(file);
}
