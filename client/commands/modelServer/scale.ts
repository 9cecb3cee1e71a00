import type { ModelServer, Operation } from '../../../runtime/api/objects.ts';
import { update } from '../../../runtime/api/project/plan.ts';
import { readSettings } from '../../../runtime/api/project/read-settings.ts';
import type { Context } from '../../context.ts';
import type { ScaleOptions, ServerTarget } from '../../contributions.ts';
import { replaceRevision } from '../../operations/replace-revision.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';
import { saidByValues } from '../../predictors/entrypoint.ts';
import { podsReadyWords } from '../../trees/server-appearance.ts';
import { askScaling } from '../../wizard/scale-wizard.ts';
import { offerNext } from './offer-next.ts';

/** *Spell: Scale*: sets between how many pods a model server moves, and towards what. */
export async function scaleModelServer(
  context: Context,
  target?: ServerTarget,
  _targets?: readonly ServerTarget[],
  options: ScaleOptions = { recreate: 'ask' },
): Promise<ModelServer> {
  const { client, code } = context;
  const { l10n } = code;
  const wanted = { title: l10n.t('Scale a model server'), none: l10n.t('There is no model server.') };
  const { owner, name } = await pickModelServer(context, wanted, target);
  const { said, unset } = answeredBy(options) ?? (await askScaling(context, { owner, name }));
  const plan = { settings: await readSettings(said, process.env), unset, snapshot: undefined };
  const begin = (recreate: boolean): Promise<Operation> => update(client, { owner, name }, { ...plan, recreate });
  const server = await replaceRevision(context, l10n.t('Scaling {0}', name), options, begin);
  if (server.state === 'running') offerNext(context, server, l10n.t('{0} has {1}.', name, podsReadyWords(code, server.pods)));
  return server;
}

/** What a program says about it; undefined where it says nothing. */
function answeredBy({ pods, settings = {}, unset = [] }: ScaleOptions): Awaited<ReturnType<typeof askScaling>> | undefined {
  const values = { ...(pods === undefined ? {} : { 'min-pods': pods }), ...settings };
  if (Object.keys(values).length === 0 && unset.length === 0) return undefined;
  return { said: saidByValues(values, process.cwd()), unset };
}
