/** What people write behind a number for a length of time (`10m`), in milliseconds. */
export const timeUnitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
