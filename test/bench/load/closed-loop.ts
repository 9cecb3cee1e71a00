import { setTimeout as pause } from 'node:timers/promises';
import { HttpConnection, type Target } from './http-connection.ts';
import { record } from './outcome.ts';
import type { Recorder } from './recorder.ts';

/** How long one that lost its connection waits before it tries again. */
const reconnectMs = 20;

/** Connections that each send, wait and send again, until `stop`. */
export class ClosedLoop {
  readonly #recorder: Recorder;
  readonly #nextId: () => number;
  readonly #retryAfterMs: number;
  #going = true;

  constructor(recorder: Recorder, target: Target, connections: number, nextId: () => number, retryAfterMs: number) {
    this.#recorder = recorder;
    this.#nextId = nextId;
    this.#retryAfterMs = retryAfterMs;
    for (let index = 0; index < connections; index++) this.#send(new HttpConnection(target, (each) => this.#onAnswer(each)));
  }

  stop(): void {
    this.#going = false;
  }

  #send(connection: HttpConnection): void {
    if (this.#going) connection.send(this.#nextId(), performance.now());
  }

  #onAnswer(connection: HttpConnection): void {
    if (!this.#going) return;
    const refused = record(this.#recorder, connection);
    const waitMs = refused ? this.#retryAfterMs : connection.status === 0 ? reconnectMs : 0;
    if (waitMs === 0) this.#send(connection);
    else setTimeout(() => this.#send(connection), waitMs);
  }
}

/** Warms up, then measures. */
export async function closedLoop(
  recorder: Recorder,
  target: Target,
  nextId: () => number,
  plan: { connections: number; warmupMs: number; durationMs: number; retryAfterMs?: number },
): Promise<void> {
  const loop = new ClosedLoop(recorder, target, plan.connections, nextId, plan.retryAfterMs ?? 0);
  await pause(plan.warmupMs);
  recorder.measure();
  await pause(plan.durationMs);
  recorder.stop();
  loop.stop();
}

/** Measures from the first request until so many were answered right. */
export async function countedLoop(
  recorder: Recorder,
  target: Target,
  nextId: () => number,
  plan: { connections: number; requests: number },
): Promise<void> {
  recorder.measure();
  const loop = new ClosedLoop(recorder, target, plan.connections, nextId, 0);
  while (recorder.answered < plan.requests) await pause(5);
  recorder.stop();
  loop.stop();
}
