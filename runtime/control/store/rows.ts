import type { SQLOutputValue } from 'node:sqlite';

/** A row as SQLite gives it. The tables are `STRICT`, so a column has the type that the schema says. */
export type Row = Record<string, SQLOutputValue>;

export function text(row: Row, column: string): string {
  return row[column] as string;
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] as string | null;
}

export function integer(row: Row, column: string): number {
  return row[column] as number;
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] as number | null;
}

/** A column of JSON text that this program wrote itself. */
export function json<T>(row: Row, column: string): T {
  return JSON.parse(text(row, column)) as T;
}

export function jsonOrNull<T>(row: Row, column: string): T | null {
  const value = textOrNull(row, column);
  return value === null ? null : (JSON.parse(value) as T);
}
