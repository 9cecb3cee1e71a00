import type { Context } from '../../context.ts';
import { runCommand, type SendOptions, type SentRequest, type ServerTarget } from '../../contributions.ts';
import { sendAndShow } from '../../operations/send-and-show.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';
import { payloadDocument } from '../../requests/payload-document.ts';
import { isPayloadName } from '../../requests/payload-files.ts';
import { sendKey } from '../../requests/send-key.ts';

/**
 * *Spell: Send Request*: sends the payload that is kept beside the predictor, as it stands in its editor, and shows the answer.
 * Where there is none yet, one is made and shown to be looked at first: nothing is sent then, and undefined is returned.
 */
export async function sendRequest(
  context: Context,
  target?: ServerTarget,
  _targets?: readonly ServerTarget[],
  options: SendOptions = {},
): Promise<SentRequest | undefined> {
  const { client, code } = context;
  const { l10n, window } = code;
  const open = window.activeTextEditor?.document.uri;
  const ofOpen = open?.scheme === 'file' && isPayloadName(open.fsPath) ? open : undefined;
  const wanted = { title: l10n.t('Send a request to'), none: l10n.t('There is no model server.') };
  const chosen = await pickModelServer(context, wanted, target ?? ofOpen);
  const server = await client.describeModelServer(chosen);
  if (options.payload !== undefined) return sendAndShow(context, server, JSON.stringify(options.payload));
  const { document, isNew } = await payloadDocument(context, server);
  const shown = window.visibleTextEditors.find((editor) => editor.document === document);
  await window.showTextDocument(document, { ...(shown?.viewColumn ? { viewColumn: shown.viewColumn } : {}), preview: false });
  if (!isNew) return sendAndShow(context, server, document.getText());
  // With a button the editor shows all of the text; without one it cuts it to a line.
  const said = l10n.t('This is what {0} will be sent: look at it, then press {1}.', server.name, sendKey(code, process.platform));
  const send = l10n.t('Send Request');
  void window.showInformationMessage(said, send).then((chosen) => {
    if (chosen === send) void runCommand(code, 'spell.modelServer.sendRequest', document.uri);
  });
  return undefined;
}
