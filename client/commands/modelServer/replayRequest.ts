import type * as vscode from 'vscode';
import { SpellError } from '../../../runtime/api/errors.ts';
import { shownMs } from '../../../runtime/api/shown-ms.ts';
import type { Context } from '../../context.ts';
import type { ModelServerTarget, RequestTarget, SentRequest } from '../../contributions.ts';
import { sendAndShow } from '../../operations/send-and-show.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';
import { requestHistory, type SentBefore } from '../../requests/history.ts';
import { compactJson } from '../../requests/json-text.ts';
import { answered } from '../cancelled.ts';

/** *Spell: Send an Earlier Request Again…*: one of the requests that were sent from this workspace, exactly as it was. */
export async function replayRequest(context: Context, target?: RequestTarget | vscode.Uri): Promise<SentRequest | undefined> {
  const { client, code } = context;
  const { l10n } = code;
  const wanted = { title: l10n.t('Send an earlier request to'), none: l10n.t('There is no model server.') };
  const chosen = await pickModelServer(context, wanted, target);
  const at = target && 'at' in target ? target.at : undefined;
  const history = requestHistory(context, chosen);
  const request = at === undefined ? await ask(context, chosen) : history.all().find((each) => each.at === at);
  if (request === 'clear') {
    await history.clear();
    return undefined;
  }
  if (typeof request?.payload !== 'string') {
    throw new SpellError(
      'not-found',
      l10n.t('The payload of that request to {0} was not kept: it was too large, or it was long ago.', chosen.name),
      l10n.t('Send the one that is kept beside the predictor: "Spell: Send Request".'),
    );
  }
  return sendAndShow(context, await client.describeModelServer(chosen), request.payload);
}

async function ask(context: Context, target: ModelServerTarget): Promise<SentBefore | 'clear'> {
  const { l10n, ThemeIcon, window, QuickPickItemKind } = context.code;
  const requests = requestHistory(context, target).all();
  if (requests.length === 0) {
    throw new SpellError(
      'not-found',
      l10n.t('No request was sent to {0} from this workspace yet.', target.name),
      l10n.t('Send one: "Spell: Send Request".'),
    );
  }
  const items = requests.map((request) => ({
    request,
    label: request.payload === null ? l10n.t('(too large to be kept)') : compactJson(request.payload).slice(0, 200),
    description: [request.status ?? l10n.t('no answer'), ...(request.ms === null ? [] : [`${shownMs(request.ms)} ms`])].join(' · '),
    detail: [new Date(request.at).toLocaleString(), ...(request.requestId === null ? [] : [request.requestId])].join(' · '),
  }));
  const forget = { label: l10n.t('Forget these requests'), iconPath: new ThemeIcon('clear-all') };
  const all: (vscode.QuickPickItem & { request?: SentBefore })[] = [...items, { label: '', kind: QuickPickItemKind.Separator }, forget];
  const title = l10n.t('Send to {0} again', target.name);
  return (await answered(window.showQuickPick(all, { title, matchOnDetail: true, matchOnDescription: true }))).request ?? 'clear';
}
