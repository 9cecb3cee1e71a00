import type { Subscription } from '../emitter.ts';
import { type Count, rateBetween } from './rate.ts';

/** How long after each other two counts are taken, in milliseconds. */
const everyMs = 5000;

/** Whom to ask and to tell. */
export interface RateWatch {
  /** The model servers (`OWNER/NAME`) whose predictor somebody has before their eyes. */
  shown(): readonly string[];
  /** Whether a person does something in the window, or did a moment ago. */
  attended(): boolean;
  /** How many requests have come to one so far; undefined where nothing answers. */
  arrived(key: string): Promise<number | undefined>;
  /** Called when one of the rates became another one. */
  tell(rates: Readonly<Record<string, number>>): void;
  /** In milliseconds, of any beginning. */
  now(): number;
}

/**
 * Counts requests of the model servers that are looked at. No event tells of single requests, so this asks; but only
 * while there is somebody to show it to, which is what `look` is called for when editors, model servers or the window's state
 * change. A window that was left alone goes on as long as requests come: somebody may be watching them.
 */
export function watchRates({ shown, attended, arrived, tell, now }: RateWatch): Subscription & { look(): void } {
  let counts = new Map<string, Count>();
  let told = '{}';
  let timer: NodeJS.Timeout | undefined;
  let asking = false;
  let ended = false;

  const ask = async (): Promise<void> => {
    timer = undefined;
    asking = true;
    const fresh = new Map<string, Count>();
    const rates: Record<string, number> = {};
    for (const key of shown()) {
      const requests = await arrived(key).catch(() => undefined);
      if (requests === undefined) continue;
      const count = { at: now(), requests };
      const rate = rateBetween(counts.get(key), count);
      fresh.set(key, count);
      if (rate !== null) rates[key] = Number(rate.toFixed(rate < 10 ? 1 : 0));
    }
    asking = false;
    counts = fresh;
    if (ended) return;
    if (JSON.stringify(rates) !== told) tell(rates);
    told = JSON.stringify(rates);
    const nothingComes = fresh.size === Object.keys(rates).length && Object.values(rates).every((rate) => rate === 0);
    if (shown().length > 0 && (attended() || !nothingComes)) timer ??= setTimeout(() => void ask(), everyMs);
  };
  return {
    look: () => {
      if (!asking && timer === undefined && shown().length > 0) void ask();
    },
    dispose: () => {
      ended = true;
      clearTimeout(timer);
    },
  };
}
