import { SpellError } from '../../runtime/api/errors.ts';
import type { ModelServer } from '../../runtime/api/objects.ts';
import type { Context } from '../context.ts';
import type { SentRequest } from '../contributions.ts';
import { showAnswer } from '../requests/answer-documents.ts';
import { isText } from '../requests/answer-text.ts';
import { type Sent, sendPayload } from '../requests/send.ts';

/** Sends a payload and shows what came of it. An error of the model server is an answer; throws `unreachable` where there is none. */
export async function sendAndShow(context: Context, server: ModelServer, payload: string): Promise<SentRequest> {
  const sent = await sendPayload(context, server, payload);
  await showAnswer(context, sent);
  return toResult(sent);
}

function toResult({ outcome }: Sent): SentRequest {
  if (outcome instanceof SpellError) throw outcome;
  const { status, headers, requestId, ms, body } = outcome;
  return { status, headers, requestId, ms, size: body.length, body: isText(outcome) ? body.toString() : null };
}
