import type { LogLine } from '../../api/objects.ts';

/**
 * Tells lines that come again after a gap from new ones. In a pod's log times only grow, so a line comes again when it
 * is older than the newest one before the gap; of those that are as old, as many come again as there were.
 */
export class LinesAlreadySeen {
  /** By pod: its newest time, and the lines of that time with their number. */
  readonly #newest = new Map<string, { time: string; lines: Map<string, number> }>();
  #beforeGap = new Map<string, { time: string; lines: Map<string, number> }>();

  /** Says that there was a gap: what comes now may have come before. */
  resume(): void {
    this.#beforeGap = structuredClone(this.#newest);
  }

  /** Takes a line in; false when it came before. */
  add(line: LogLine): boolean {
    const text = JSON.stringify(line);
    const before = this.#beforeGap.get(line.pod);
    if (before && line.time < before.time) return false;
    const again = before?.time === line.time ? (before.lines.get(text) ?? 0) : 0;
    if (again > 0) {
      before?.lines.set(text, again - 1);
      return false;
    }
    const newest = this.#newest.get(line.pod);
    if (newest?.time === line.time) newest.lines.set(text, (newest.lines.get(text) ?? 0) + 1);
    else this.#newest.set(line.pod, { time: line.time, lines: new Map([[text, 1]]) });
    return true;
  }
}
