import { SpellError } from '../../runtime/api/errors.ts';
import { trustFor } from '../../runtime/api/http/ask-endpoint.ts';
import { type EndpointAnswer, exchange } from '../../runtime/api/http/exchange.ts';
import type { ModelServer } from '../../runtime/api/objects.ts';
import { Cancelled } from '../commands/cancelled.ts';
import type { Context } from '../context.ts';
import type { ModelServerTarget } from '../contributions.ts';
import { requestHistory } from './history.ts';

/** A request that was sent, and what came of it: an answer, which may be an error, or none. */
export interface Sent {
  target: ModelServerTarget;
  /** Of the endpoint's verb. */
  url: string;
  at: Date;
  payload: string;
  outcome: EndpointAnswer | SpellError;
}

/** Beyond the endpoint's own deadline, which it answers with 504. */
const graceMs = 10_000;
/** An answer that comes within this time is not worth a notification. */
const quietMs = 500;

/**
 * Sends a payload to a model server as any client would, and remembers it. What takes long shows how to cancel it, and
 * throws `Cancelled` then. Asks for `server-timing`: where the time went is half of what one wants to know.
 */
export async function sendPayload(context: Context, server: ModelServer, payload: string): Promise<Sent> {
  const { owner, name, spec } = server;
  const url = `${server.url}/predict`;
  const at = new Date();
  const trust = await trustFor(context.client, url);
  const deadlineMs = (Number(spec['predict-timeout'] ?? 60) + Number(spec['start-wait'] ?? 5)) * 1000;
  const outcome = await cancellable(context, context.code.l10n.t('Waiting for the answer of {0}', name), (signal) =>
    exchange({
      ...{ url, method: 'POST', body: Buffer.from(payload), trust, signal },
      headers: { 'x-spell-timing': '1' },
      beginsWithinMs: deadlineMs + graceMs,
    }).catch((error: unknown) => {
      if (error instanceof SpellError) return error;
      throw error;
    }),
  );
  const answer = outcome instanceof SpellError ? { status: null, requestId: null, ms: null } : outcome;
  const { status, requestId, ms } = answer;
  await requestHistory(context, { owner, name }).add({ at: at.toISOString(), payload, status, requestId, ms });
  return { target: { owner, name }, url, at, payload, outcome };
}

async function cancellable<T>({ code }: Context, title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const working = work(controller.signal);
  const timer = setTimeout(() => {
    const options = { location: code.ProgressLocation.Notification, title, cancellable: true };
    void code.window.withProgress(options, async (_, cancellation) => {
      cancellation.onCancellationRequested(() => controller.abort(new Cancelled()));
      await working.catch(() => {});
    });
  }, quietMs);
  try {
    return await working;
  } finally {
    clearTimeout(timer);
  }
}
