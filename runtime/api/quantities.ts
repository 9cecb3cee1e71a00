/** Bytes of a memory size in MiB (a plain number) or with a unit, as in `512Mi` or `2Gi`; `undefined` when it is neither. */
export function parseMemory(text: string | number): number | undefined {
  const [, digits, unit] = /^([0-9]+(?:\.[0-9]+)?)(Ki|Mi|Gi|Ti)?$/.exec(String(text)) ?? [];
  if (digits === undefined) return undefined;
  const factor = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 }[unit ?? 'Mi'] ?? 2 ** 20;
  return Math.round(Number(digits) * factor);
}

/** A memory size as {@link parseMemory} reads it, in the largest unit that needs no fraction. */
export function writtenMemory(bytes: number): string {
  const [factor, unit] = (
    [
      [2 ** 30, 'Gi'],
      [2 ** 20, 'Mi'],
    ] as const
  ).find(([each]) => bytes % each === 0) ?? [2 ** 10, 'Ki'];
  return `${bytes / factor}${unit}`;
}

/** Bytes of a size in bytes (a plain number) or with a unit, as in `64Ki`, `100Mi` or `1Gi`; `undefined` when it is neither. */
export function parseBytes(text: string | number): number | undefined {
  return /^[0-9]+$/.test(String(text)) ? Number(text) : /[A-Za-z]$/.test(String(text)) ? parseMemory(text) : undefined;
}
