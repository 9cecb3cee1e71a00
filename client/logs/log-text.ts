import type { LogLine } from '../../runtime/api/objects.ts';
import { plainText } from './view/plain-text.ts';

/**
 * Lines as the language `spell-log` reads them, `TIME POD[/WORKER]  TEXT`, one each, in the order in which they came. A document shows no
 * terminal's colours, so their sequences are left out.
 */
export function logText(lines: readonly LogLine[]): string {
  return lines.map(({ time, pod, worker, text }) => `${time} ${worker === null ? pod : `${pod}/${worker}`}  ${plainText(text)}\n`).join('');
}
