/*
 * Every line of a log has a position, which says where it stands among all lines of its model server, whichever pod printed
 * them: `TIME-NUMBER`, its time and its number among the lines of that millisecond. Positions and times are ordered as
 * strings are, and a time stands before all positions of its millisecond. So either of them says where to go on.
 */

/** As long as every position is. */
export const positionLength = '2026-01-01T00:00:00.000Z-000000'.length;

/** Lines that one millisecond has room for. */
export const positionsPerMs = 1_000_000;

const positionPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z-\d{6}$/;
const timePattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/;

/** The position of the line number `number` (from 0) of a millisecond, in ISO 8601. */
export function toPosition(time: string, number: number): string {
  return `${time}-${String(number).padStart(6, '0')}`;
}

/** The time of a position, in ISO 8601. */
export function timeOf(position: string): string {
  return position.slice(0, -'-000000'.length);
}

/** The latest position before another one. */
export function positionBefore(position: string): string {
  const [time, number] = [timeOf(position), Number(position.slice(-6))];
  if (number > 0) return toPosition(time, number - 1);
  return toPosition(new Date(Date.parse(time) - 1).toISOString(), positionsPerMs - 1);
}

/** A position, or a time in ISO 8601, as what positions are compared with; undefined for anything else. */
export function readPosition(text: string): string | undefined {
  if (positionPattern.test(text)) return text;
  const time = timePattern.test(text) ? new Date(text) : undefined;
  return time === undefined || Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
