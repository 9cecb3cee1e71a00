import { SpellError } from '../../../../api/errors.ts';

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A length of time as people write it (`90s`, `15m`, `2h`, `1d`), in seconds. Throws `usage` for what is none. */
export function readLength(option: string, text: string): number {
  const [, count, unit = ''] = /^([1-9][0-9]{0,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (unitSeconds[unit] ?? 1);
  throw new SpellError(
    'usage',
    `${option}: ${JSON.stringify(text)} is no length of time`,
    `write a number with s, m, h or d, as in ${option} 15m`,
  );
}
