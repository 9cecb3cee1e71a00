import type { Context } from '../../context.ts';
import type { SentRequest } from '../../contributions.ts';
import { isPayload } from '../../requests/payload-files.ts';
import { sendRequest } from '../modelServer/sendRequest.ts';

/**
 * What the key of payloads does in a file that is named as they are: it sends that. The name is known as soon as the file is open, which
 * a context key of ours would not be. Whose file it is tells the folder: in one of somebody else the key makes a line, as in any other.
 */
export async function sendOpenPayload(context: Context): Promise<SentRequest | undefined> {
  const { commands, window } = context.code;
  const open = window.activeTextEditor?.document.uri;
  if (open && (await isPayload(context, open))) return sendRequest(context, open);
  await commands.executeCommand('editor.action.insertLineAfter');
  return undefined;
}
