import type { ModelServer } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import type { ServerTarget } from '../../contributions.ts';
import { rollOut } from '../../operations/roll-out.ts';
import { pickModelServers } from '../../pick/pick-model-servers.ts';
import { offerNext } from './offer-next.ts';

/** *Spell: Start*: starts stopped model servers and waits until they answer. */
export async function startModelServer(
  context: Context,
  _target?: ServerTarget,
  targets?: readonly ServerTarget[],
): Promise<ModelServer[]> {
  const { l10n } = context.code;
  const wanted = { title: l10n.t('Start a model server'), states: ['stopped'] as const, none: l10n.t('No model server is stopped.') };
  const chosen = await pickModelServers(context, wanted, targets);
  const started = await Promise.all(
    chosen.map(({ owner, name }) => rollOut(context, l10n.t('Starting {0}', name), () => context.client.start({ owner, name }))),
  );
  for (const server of started) offerNext(context, server, l10n.t('{0} answers.', server.name));
  return started;
}
