import type { Expression } from '../../parse/python/ast.ts';

/** What can be sent. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The JSON of an expression that is written out; undefined where it is computed, and for `None`. */
export function literal(expression: Expression): Json | undefined {
  switch (expression.kind) {
    case 'string':
      return expression.bytes ? undefined : expression.value;
    case 'number': {
      const value = Number(expression.text.replaceAll('_', ''));
      return Number.isFinite(value) ? value : undefined;
    }
    case 'constant':
      return expression.value === 'True' ? true : expression.value === 'False' ? false : undefined;
    case 'unary': {
      const value = expression.operator === '-' && expression.operand ? literal(expression.operand) : undefined;
      return typeof value === 'number' ? -value : undefined;
    }
    case 'list':
    case 'tuple': {
      const items = expression.items.map(literal);
      return items.includes(undefined) ? undefined : (items as Json[]);
    }
    default:
      return undefined;
  }
}
