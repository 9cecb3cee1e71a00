import type { Expression } from './ast.ts';
import { parsePython, statementsOf } from './file.ts';

/**
 * Reads an expression that stands in a string, as an annotation may. Its offsets count from `base`; undefined when the
 * text is no single expression.
 */
export function parseExpression(text: string, base: number): Expression | undefined {
  const file = parsePython(text.trimStart());
  const [statement, ...more] = statementsOf(file);
  if (!statement || more.length > 0 || statement.kind !== 'expression' || file.problems.length > 0) return undefined;
  return shift(statement.values[0], base + text.length - text.trimStart().length);
}

function shift<T>(value: T, by: number): T {
  if (Array.isArray(value)) return value.map((item) => shift(item, by)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      typeof item === 'number' && (key === 'from' || key === 'to') ? item + by : shift(item, by),
    ]),
  ) as T;
}
