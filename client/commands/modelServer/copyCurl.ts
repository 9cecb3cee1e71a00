import type { Context } from '../../context.ts';
import type { ModelServerTarget } from '../../contributions.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';

/** *Spell: Copy curl*: puts a request as a shell command on the clipboard, and returns it. */
export async function copyCurl(context: Context, target?: ModelServerTarget): Promise<string> {
  const { l10n, env, window } = context.code;
  const wanted = { title: l10n.t('Copy a curl command for'), none: l10n.t('There is no model server.') };
  const chosen = await pickModelServer(context, wanted, target);
  const { curl } = await context.client.describeModelServer(chosen);
  await env.clipboard.writeText(curl);
  window.setStatusBarMessage(l10n.t('Copied the curl command of {0}', chosen.name), 3000);
  return curl;
}
