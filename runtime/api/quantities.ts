/** Bytes of a memory size in MiB (a plain number) or with a unit, as in `512Mi` or `2Gi`; `undefined` when it is neither. */
export function parseMemory(text: string | number): number | undefined {
  const [, digits, unit] = /^([0-9]+(?:\.[0-9]+)?)(Ki|Mi|Gi|Ti)?$/.exec(String(text)) ?? [];
  if (digits === undefined) return undefined;
  const factor = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 }[unit ?? 'Mi'] ?? 2 ** 20;
  return Math.round(Number(digits) * factor);
}

/** Bytes of a size in bytes (a plain number) or with a unit, as in `64Ki`, `100Mi` or `1Gi`; `undefined` when it is neither. */
export function parseBytes(text: string | number): number | undefined {
  return /^[0-9]+$/.test(String(text)) ? Number(text) : /[A-Za-z]$/.test(String(text)) ? parseMemory(text) : undefined;
}
