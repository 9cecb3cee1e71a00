import type { Terminal } from './terminal.ts';

/** A label, and what stands behind it: one line, or several. */
export type Field = readonly [string, string | readonly string[]];

/** Prints one object: a label and a value a line, values aligned. A value of several lines is indented below its label. */
export function printFields(terminal: Terminal, fields: readonly Field[]): void {
  const width = Math.max(...fields.map(([label]) => label.length)) + 2;
  for (const [label, value] of fields) {
    const lines = typeof value === 'string' ? [value] : value;
    const [first = '', ...others] = lines;
    terminal.print(`${terminal.style('bold', label.padEnd(width))}${first}`.trimEnd());
    for (const line of others) terminal.print(`${' '.repeat(width)}${line}`);
  }
}
