import { SpellError } from '../../../api/errors.ts';
import { readPosition } from '../../../api/log-position.ts';
import { timeUnitsMs } from '../../parsing/time-units.ts';

/** What stands after `--since`: a time, a line's position, or how long ago (`90s`, `10m`, `2h`, `1d`). Throws `usage` for what is none. */
export function readSince(text: string, now: Date): string {
  const [, count, unit = ''] = /^([0-9]{1,9})([smhd])$/.exec(text) ?? [];
  const since = count === undefined ? readPosition(text) : new Date(now.getTime() - Number(count) * (timeUnitsMs[unit] ?? 0)).toISOString();
  if (since !== undefined) return since;
  const hint = 'write how long ago, as in --since 10m, or a time, as in --since 2026-01-31T12:00:00Z';
  throw new SpellError('usage', `--since: ${JSON.stringify(text)} is no time`, hint);
}
