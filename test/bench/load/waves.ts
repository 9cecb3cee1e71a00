import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { HttpConnection, type Target } from './http-connection.ts';
import { record } from './outcome.ts';
import type { Recorder } from './recorder.ts';

/** What has no answer by then has none. */
const patienceMs = 20_000;

/** Many clients at once, of whom a share hangs up: again and again, each wave with connections of its own. */
export async function waves(
  recorder: Recorder,
  target: Target,
  nextId: () => number,
  plan: { connections: number; waves: number; pauseMs: number; hangUp: { share: number; afterMs: number } },
): Promise<void> {
  recorder.measure();
  for (let wave = 0; wave < plan.waves; wave++) {
    await oneWave(recorder, target, nextId, plan.connections, plan.hangUp);
    await pause(plan.pauseMs);
  }
  recorder.stop();
}

async function oneWave(
  recorder: Recorder,
  target: Target,
  nextId: () => number,
  count: number,
  hangUp: { share: number; afterMs: number },
): Promise<void> {
  const done = new EventTarget();
  let left = 0;
  const onAnswer = (connection: HttpConnection): void => {
    record(recorder, connection);
    if (--left === 0) done.dispatchEvent(new Event('done'));
  };
  const all = Array.from({ length: count }, () => new HttpConnection(target, onAnswer));
  await Promise.all(all.map((each) => each.open()));
  left = all.length;
  for (const each of all) each.send(nextId(), performance.now());
  if (hangUp.share > 0) {
    await pause(hangUp.afterMs);
    // Spread over all of them: of five clients the last stays.
    let owed = 0;
    for (const each of all) {
      owed += hangUp.share;
      if (owed < 1 - 1e-9) continue;
      owed -= 1;
      if (!each.busy) continue;
      each.hangUp();
      recorder.hungUp(each.id);
      left--;
    }
  }
  const patience = AbortSignal.timeout(patienceMs);
  if (left > 0) await once(done, 'done', { signal: patience }).catch(() => {});
  for (const each of all) {
    if (each.busy) recorder.wrong();
    each.hangUp();
  }
}
