import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../../../runtime/api/testing/random.ts';
import { HttpConnection, type Target } from './http-connection.ts';
import { record } from './outcome.ts';
import type { Recorder } from './recorder.ts';

/** What has no answer by then has none. */
const patienceMs = 10_000;

/**
 * Requests at random moments, the same in every run, on whatever connection is free or a new one: a server that is slow
 * gets no fewer of them, and each latency counts from the moment that the request was due (no coordinated omission).
 */
export async function openLoop(
  recorder: Recorder,
  target: Target,
  nextId: () => number,
  plan: { perSecond: number; warmupMs: number; durationMs: number },
): Promise<void> {
  const free: HttpConnection[] = [];
  const random = seededRandom(1);
  let underWay = 0;
  const onAnswer = (connection: HttpConnection): void => {
    underWay--;
    record(recorder, connection);
    free.push(connection);
  };
  const began = performance.now();
  const end = began + plan.warmupMs + plan.durationMs;
  let due = began;
  let measured = false;
  while (due < end) {
    const now = performance.now();
    if (!measured && now >= began + plan.warmupMs) {
      measured = true;
      recorder.measure();
    }
    for (; due <= now && due < end; due += pauseBetween(random, plan.perSecond)) {
      underWay++;
      (free.pop() ?? new HttpConnection(target, onAnswer)).send(nextId(), due);
    }
    await pause(1);
  }
  for (const patient = performance.now() + patienceMs; underWay > 0 && performance.now() < patient; ) await pause(1);
  recorder.stop();
  for (; underWay > 0; underWay--) recorder.wrong();
}

/** Milliseconds between two requests of a Poisson process. */
function pauseBetween(random: () => number, perSecond: number): number {
  return (-Math.log(1 - random()) * 1000) / perSecond;
}
