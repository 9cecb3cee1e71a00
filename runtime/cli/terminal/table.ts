import type { Terminal } from './terminal.ts';

/** Prints rows under their headings, columns two spaces apart, one line a row. Nothing but the headings when there is none. */
export function printTable(terminal: Terminal, headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = align([headings, ...rows]);
  for (const [index, line] of lines.entries()) terminal.print(index === 0 ? terminal.style('bold', line) : line);
}

/** Pads all columns but the last to their widest cell. A cell is kept on one line. */
export function align(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll(/\s*\n\s*/g, ' ')));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? ''))));
  return cells.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  );
}

/** Columns that a text takes in a terminal, near enough: wide characters (CJK, emoji) take two, combining ones none. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}|\p{Cf}/u.test(character)) continue;
    width += /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u.test(
      character,
    )
      ? 2
      : 1;
  }
  return width;
}
