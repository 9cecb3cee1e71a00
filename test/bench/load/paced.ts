import { StealMeter } from '../measure/steal.ts';
import { HttpConnection, type Target } from './http-connection.ts';
import { record } from './outcome.ts';
import type { Recorder } from './recorder.ts';

/** The host's theft is counted in hundredths of a second: in less time than this it would show too late. */
const pieceMs = 500;

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

/**
 * A request each so many microseconds, whether or not the one before was answered: on the connection that is free, or on
 * another. While nothing is on its way the thread sleeps until the next is due (timers of Node count whole milliseconds).
 * A request counts from when it was due; one that is late because such a sleep took longer counts from when it left.
 */
export async function paced(
  recorder: Recorder,
  target: Target,
  nextId: () => number,
  plan: { perSecond: number; warmupMs: number; durationMs: number },
): Promise<void> {
  const everyMs = 1000 / plan.perSecond;
  const free: HttpConnection[] = [];
  let underWay = 0;
  let answered: () => void = () => {};
  const onAnswer = (connection: HttpConnection): void => {
    underWay--;
    record(recorder, connection);
    free.push(connection);
    answered();
  };
  let due = performance.now();
  const measureAt = due + plan.warmupMs;
  let end = measureAt + plan.durationMs;
  let measured = false;
  const steal = new StealMeter();
  let pieceEnd = Number.POSITIVE_INFINITY;
  while (due < end) {
    const wait = due - performance.now();
    if (wait > 0 && underWay > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        answered = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      continue;
    }
    if (wait > 0) Atomics.wait(nobodyWakes, 0, 0, wait);
    const now = performance.now();
    if (!measured && now >= measureAt) {
      measured = true;
      recorder.measure();
      steal.look();
      pieceEnd = now + pieceMs;
      // What the warm-up owes is forgotten.
      due = now;
      end = now + plan.durationMs;
    }
    if (now >= pieceEnd) {
      recorder.endPiece(steal.look() === 0);
      pieceEnd = now + pieceMs;
    }
    underWay++;
    (free.pop() ?? new HttpConnection(target, onAnswer)).send(nextId(), wait > 0 ? now : due);
    due += everyMs;
  }
  while (underWay > 0) await new Promise<void>((resolve) => (answered = resolve));
  recorder.stop();
}
