import type { EffectiveSettings } from '../../api/settings.ts';

/** A pod that is about to start, as far as its limits matter. */
export interface ConfinedPod {
  id: string;
  settings: EffectiveSettings;
  /** Aborts when the pod is to end: what it still waits for is not needed any more. */
  unwanted: AbortSignal;
}

/** Why a pod cannot be held within its limits, and what to do. */
export class ConfinementError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** What holds the processes of one pod within its limits, or ends those that leave them. */
export interface Enclosure {
  /** The GPUs that only this pod has, by their index; absent: none. */
  readonly gpus?: readonly number[];
  /** What its workers' environment has beside their own: it wins over everything but the marks of our processes. */
  readonly env: Record<string, string>;
  /** A worker's command, so that the worker and whatever it starts is inside from its first instruction. */
  enter(command: readonly string[]): string[];
  /** A worker runs, and has not heard yet what to load. `kill` ends it. */
  started(pid: number, kill: () => void): void;
  /** A worker that was ended by a signal: how, in words that go on where `the worker` began a sentence, if a limit did it. */
  ended(pid: number): string | null;
  /** No process of the pod is left. Never rejects; may be called again. */
  leave(): Promise<void>;
}

/**
 * Who keeps pods within their limits on the machine that the gateway runs on. What runs the gateway hands it in: a
 * laptop's platform does it with what the system offers, and on Kubernetes nobody has to.
 */
export interface Confinement {
  /** Makes what a pod needs to be held; null for a pod that asks for nothing. Rejects with a {@link ConfinementError}. */
  enclose(pod: ConfinedPod): Promise<Enclosure> | null;
  /** Lets go of everything that it made. */
  close(): Promise<void>;
}

/** Pods may use what they can get. */
export const unconfined: Confinement = { enclose: () => null, close: async () => {} };
