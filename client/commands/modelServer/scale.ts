import type { ModelServer } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import type { ModelServerTarget, ScaleOptions, ServerTarget } from '../../contributions.ts';
import { rollOut } from '../../operations/roll-out.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';
import { answered } from '../cancelled.ts';
import { offerNext } from './offer-next.ts';

/** *Spell: Scale*: sets how many pods a model server has. */
export async function scaleModelServer(
  context: Context,
  target?: ServerTarget,
  _targets?: readonly ServerTarget[],
  options: ScaleOptions = {},
): Promise<ModelServer> {
  const { client, code } = context;
  const { l10n } = code;
  const wanted = { title: l10n.t('Scale a model server'), none: l10n.t('There is no model server.') };
  const { owner, name } = await pickModelServer(context, wanted, target);
  const pods = options.pods ?? (await askPods(context, { owner, name }));
  const update = { settings: { 'min-pods': pods } };
  const server = await rollOut(context, l10n.t('Scaling {0} to {1} pods', name, pods), () => client.update({ owner, name, body: update }));
  if (server.state === 'running')
    offerNext(context, server, l10n.t('{0} has {1} of {2} pods ready.', name, server.pods.ready, server.pods.total));
  return server;
}

async function askPods({ client, code }: Context, target: ModelServerTarget): Promise<number> {
  const { window, l10n } = code;
  const { spec } = await client.describeModelServer(target);
  const answer = await answered(
    window.showInputBox({
      title: l10n.t('Scale {0}', target.name),
      prompt: l10n.t('How many pods shall there be?'),
      value: String(spec['min-pods'] ?? 1),
      validateInput: (text) => (/^[1-9]\d*$/.test(text) ? undefined : l10n.t('a whole number, at least 1')),
    }),
  );
  return Number(answer);
}
