import type * as vscode from 'vscode';
import type { ModelServer } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import type { RequestTarget } from '../../contributions.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';
import { curlWith } from '../../requests/curl.ts';
import { requestHistory } from '../../requests/history.ts';
import { keptPayload } from '../../requests/payload-document.ts';

/**
 * *Spell: Copy curl*: puts a request as a shell command on the clipboard, and returns it: with the payload that was named, else
 * with the one that *Send Request* would send.
 */
export async function copyCurl(context: Context, target?: RequestTarget | vscode.Uri): Promise<string> {
  const { l10n, env, window } = context.code;
  const wanted = { title: l10n.t('Copy a curl command for'), none: l10n.t('There is no model server.') };
  const chosen = await pickModelServer(context, wanted, target);
  const server = await context.client.describeModelServer(chosen);
  const curl = curlWith(server.curl, await payloadOf(context, server, target));
  await env.clipboard.writeText(curl);
  window.setStatusBarMessage(l10n.t('Copied the curl command of {0}', chosen.name), 3000);
  return curl;
}

async function payloadOf(context: Context, server: ModelServer, target?: RequestTarget | vscode.Uri): Promise<string | undefined> {
  const at = target && 'at' in target ? target.at : undefined;
  const sent = requestHistory(context, server)
    .all()
    .find((each) => each.at === at)?.payload;
  return sent ?? (await keptPayload(context, server));
}
