import type { Context } from '../../context.ts';
import type { ServerTarget } from '../../contributions.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';

/**
 * *Spell: Copy Endpoint*: puts the address that requests are sent to on the clipboard, and returns it: as it is reached from where the
 * person sits, which in a remote window is another machine. (A curl command is for the terminal, which is where the endpoint is.)
 */
export async function copyEndpoint(context: Context, target?: ServerTarget): Promise<string> {
  const { l10n, env, window, Uri } = context.code;
  const wanted = { title: l10n.t('Copy the endpoint of'), none: l10n.t('There is no model server.') };
  const chosen = await pickModelServer(context, wanted, target);
  const { url } = await context.client.describeModelServer(chosen);
  const endpoint = (await env.asExternalUri(Uri.parse(`${url}/predict`))).toString(true);
  await env.clipboard.writeText(endpoint);
  window.setStatusBarMessage(l10n.t('Copied {0}', endpoint), 3000);
  return endpoint;
}
