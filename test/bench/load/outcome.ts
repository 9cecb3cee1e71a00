import type { HttpConnection } from './http-connection.ts';
import { firstPoison } from './plan.ts';
import type { Recorder } from './recorder.ts';

/** Records an answer; whether it was a refusal, after which one may try again. */
export function record(recorder: Recorder, connection: HttpConnection): boolean {
  const now = performance.now();
  const { status, id } = connection;
  recorder.status(status);
  if (status === 429 || status === 503) {
    recorder.refused(now - connection.began, connection.retryAfter);
    return true;
  }
  if (id >= firstPoison) {
    // Only "500 for exactly this one" would be too much to ask of every peer; an error it has to be.
    recorder.poison(status === 200);
  } else if (status === 200 && connection.matches) recorder.right(now, now - connection.began);
  else recorder.wrong();
  return false;
}
