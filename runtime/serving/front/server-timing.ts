import type { Slot } from '../requests/slot.ts';
import { Stages } from '../requests/stages.ts';

const stages: Stages = new Stages();

/**
 * The value of `server-timing` (https://www.w3.org/TR/server-timing/) for a request whose answer leaves now: the stages
 * that it came to, in milliseconds, in their order.
 */
export function serverTiming(slot: Slot): string {
  const { queueMs, prepareMs, predictMs, replyMs } = stages.read(slot, slot.answeredAt);
  return [['queue', queueMs] as const, ['prepare', prepareMs] as const, ['predict', predictMs] as const, ['reply', replyMs] as const]
    .filter(([, ms]) => !Number.isNaN(ms))
    .map(([name, ms]) => `${name};dur=${Math.round(ms * 1000) / 1000}`)
    .join(', ');
}
