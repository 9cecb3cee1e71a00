/** Milliseconds as narrow as they can be read: `0.042`, `3.1`, `120`; `-` where there is nothing to tell. */
export function shownMs(ms: number | null): string {
  if (ms === null) return '-';
  if (ms === 0) return '0';
  if (ms < 1) return ms.toFixed(3);
  return ms < 100 ? ms.toFixed(1) : String(Math.round(ms));
}
