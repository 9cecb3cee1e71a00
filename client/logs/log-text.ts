import type { LogLine } from '../../runtime/api/objects.ts';

/** Lines as the language `spell-log` reads them, `TIME POD[/WORKER]  TEXT`, one each, in the order in which they came. */
export function logText(lines: readonly LogLine[]): string {
  return lines.map(({ time, pod, worker, text }) => `${time} ${worker === null ? pod : `${pod}/${worker}`}  ${text}\n`).join('');
}
