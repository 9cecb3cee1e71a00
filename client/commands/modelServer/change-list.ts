import type { ModelServer, Operation } from '../../../runtime/api/objects.ts';
import { type ListSetting, listOf, listWithout, planList } from '../../../runtime/api/project/list-settings.ts';
import { update } from '../../../runtime/api/project/plan.ts';
import type { Context } from '../../context.ts';
import { type ModelServerTarget, type RecreateOptions, runCommand } from '../../contributions.ts';
import { replaceRevision } from '../../operations/replace-revision.ts';
import { offerNext } from './offer-next.ts';

/** Adds to a list of a model server and rolls that out, as `spell server models add` and `mounts add` do. */
export function addToList(
  context: Context,
  target: ModelServerTarget,
  setting: ListSetting,
  added: readonly string[],
  options: RecreateOptions,
): Promise<ModelServer> {
  return changeList(context, target, setting, (list) => [...list, ...added], options);
}

/** Takes from a list what each of some words means, as the command does, and rolls that out. */
export function takeFromList(
  context: Context,
  target: ModelServerTarget,
  setting: ListSetting,
  words: readonly string[],
  options: RecreateOptions,
): Promise<ModelServer> {
  return changeList(context, target, setting, (list) => listWithout(target.name, setting, list, words), options);
}

async function changeList(
  context: Context,
  target: ModelServerTarget,
  setting: ListSetting,
  change: (list: string[]) => string[],
  options: RecreateOptions,
): Promise<ModelServer> {
  const { client, code, controlPlane } = context;
  const { l10n } = code;
  const { owner, name } = target;
  const list = change(listOf(await client.describeModelServer({ owner, name }), setting));
  const plan = await planList(name, setting, list, { env: process.env, home: controlPlane.home });
  const begin = (recreate: boolean): Promise<Operation> => update(client, { owner, name }, { ...plan, recreate });
  const server = await replaceRevision(context, l10n.t('Updating {0}', name), options, begin);
  if (server.state === 'stopped') offerStart(context, server);
  else offerNext(context, server, l10n.t('Revision {0} of {1} answers.', server.revision, name));
  return server;
}

/** What is stopped stays so. Waits for nobody. */
function offerStart({ code }: Context, server: ModelServer): void {
  const { l10n, window } = code;
  const start = l10n.t('Start');
  void window.showInformationMessage(l10n.t('{0} is stopped: it takes this when it starts.', server.name), start).then((chosen) => {
    if (chosen === start) void runCommand(code, 'spell.modelServer.start', server);
  });
}
