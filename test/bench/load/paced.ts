import { HttpConnection, type Target } from './http-connection.ts';
import { record } from './outcome.ts';
import type { Recorder } from './recorder.ts';

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

/**
 * One client, one request each so many microseconds. Nothing is on its way between an answer and the next request, so
 * the thread sleeps until it is due (timers of Node count whole milliseconds). A request that is late because the answer
 * before was late counts from when it was due; one that is late because sleeping took longer counts from when it left.
 */
export async function paced(
  recorder: Recorder,
  target: Target,
  nextId: () => number,
  plan: { perSecond: number; warmupMs: number; durationMs: number },
): Promise<void> {
  const everyMs = 1000 / plan.perSecond;
  let due = performance.now();
  const measureAt = due + plan.warmupMs;
  let end = measureAt + plan.durationMs;
  let answered: () => void = () => {};
  const connection = new HttpConnection(target, () => answered());
  let measured = false;
  for (; due < end; due += everyMs) {
    const wait = due - performance.now();
    if (wait > 0) Atomics.wait(nobodyWakes, 0, 0, wait);
    const now = performance.now();
    if (!measured && now >= measureAt) {
      measured = true;
      recorder.measure();
      // What the warm-up owes is forgotten.
      due = now;
      end = now + plan.durationMs;
    }
    await new Promise<void>((resolve) => {
      answered = resolve;
      connection.send(nextId(), wait > 0 ? now : due);
    });
    record(recorder, connection);
  }
  recorder.stop();
}
