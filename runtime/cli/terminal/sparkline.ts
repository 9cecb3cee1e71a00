const blocks = '▁▂▃▄▅▆▇█';

/** Numbers as a row of bars, the largest at full height; a space where there is none. */
export function sparkline(values: readonly (number | null)[]): string {
  const most = Math.max(...values.map((value) => value ?? 0));
  return values
    .map((value) => {
      if (value === null) return ' ';
      return blocks[most === 0 ? 0 : Math.min(blocks.length - 1, Math.floor((value / most) * blocks.length))];
    })
    .join('');
}
