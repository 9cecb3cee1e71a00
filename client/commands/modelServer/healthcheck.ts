import { EndpointRefusal } from '../../../runtime/api/endpoint-refusal.ts';
import { askEndpoint } from '../../../runtime/api/http/ask-endpoint.ts';
import type { Context } from '../../context.ts';
import type { Health, ServerTarget } from '../../contributions.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';

/** *Spell: Check Health*: asks a model server whether it is healthy, as a client would, and shows its answer. */
export async function checkHealth(context: Context, target?: ServerTarget): Promise<Health> {
  const { l10n, window } = context.code;
  const wanted = { title: l10n.t('Check the health of'), none: l10n.t('There is no model server.') };
  const chosen = await pickModelServer(context, wanted, target);
  try {
    const answer = (await askEndpoint(context.client, { ...chosen, verb: 'health' })).body.toString();
    void window.showInformationMessage(l10n.t('{0} is healthy: {1}', chosen.name, answer));
    return { healthy: true, answer };
  } catch (error) {
    if (!(error instanceof EndpointRefusal)) throw error;
    void window.showWarningMessage(l10n.t('{0} is not healthy: {1}', chosen.name, error.message));
    return { healthy: false, answer: error.message };
  }
}
