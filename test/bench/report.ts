/** One measured figure: its rounds, and the limit that its median must keep. */
export interface Row {
  what: string;
  unit: string;
  values: number[];
  limit: number;
}

/** The middle value; of an even number the upper of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('no values');
  return middle;
}

/** Prints a table with medians and ranges, then the same as one line of JSON with every raw number. */
export function printRows(rows: Row[]): void {
  const shown = rows.map(({ what, unit, values, limit }) => ({
    what,
    unit,
    median: round(median(values)),
    range: values.length > 1 ? `${round(Math.min(...values))} – ${round(Math.max(...values))}` : '',
    limit,
    within: median(values) <= limit ? 'yes' : 'NO',
  }));
  console.table(shown);
  console.log(JSON.stringify(rows));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
