import { SpellError } from '../../../../api/errors.ts';
import { timeUnitsMs } from '../../../parsing/time-units.ts';

/** A length of time as people write it (`90s`, `15m`, `2h`, `1d`), in seconds. Throws `usage` for what is none. */
export function readLength(option: string, text: string): number {
  const [, count, unit = ''] = /^([1-9][0-9]{0,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return (Number(count) * (timeUnitsMs[unit] ?? 0)) / 1000;
  throw new SpellError(
    'usage',
    `${option}: ${JSON.stringify(text)} is no length of time`,
    `write a number with s, m, h or d, as in ${option} 15m`,
  );
}
