import type { SyntaxNode } from '@lezer/common';
import type { Span } from '../../text/span.ts';
import type { Expression } from '../ast.ts';
import { call, lambda } from './calls.ts';
import { comprehension, entries, formatString, joined } from './displays.ts';
import { type ChunkSource, childrenOf } from './source.ts';
import { readLiteral } from './strings.ts';

/** A stretch of a text that nothing is known about. */
export function unknown(span: Span, parts: readonly Expression[] = []): Expression {
  return { kind: 'unknown', parts, from: span.from, to: span.to };
}

/** Turns one of the parser's nodes into an expression. */
export function expression(source: ChunkSource, node: SyntaxNode): Expression {
  const span = source.span(node);
  switch (node.name) {
    case 'VariableName':
    case 'PropertyName':
    case 'print':
      return { kind: 'name', id: source.read(node), ...span };
    case 'None':
    case 'Boolean':
      return { kind: 'constant', value: source.read(node) as 'None' | 'True' | 'False', ...span };
    case 'Ellipsis':
      return { kind: 'constant', value: '...', ...span };
    case 'Number':
      return { kind: 'number', text: source.read(node), ...span };
    case 'String': {
      const { value, bytes, content } = readLiteral(source.read(node));
      return { kind: 'string', value, bytes, content: { from: span.from + content.from, to: span.from + content.to }, ...span };
    }
    case 'FormatString':
      return formatString(source, node);
    case 'ContinuedString':
      return joined(source, node);
    case 'ParenthesizedExpression':
      return parenthesized(source, node);
    case 'MemberExpression':
      return member(source, node);
    case 'CallExpression':
      return call(source, node);
    case 'TupleExpression':
      return { kind: 'tuple', items: list(source, inner(node)), ...span };
    case 'ArrayExpression':
      return { kind: 'list', items: list(source, inner(node)), ...span };
    case 'SetExpression':
      return { kind: 'set', items: list(source, inner(node)), ...span };
    case 'DictionaryExpression':
      return { kind: 'dict', entries: entries(source, inner(node)), ...span };
    case 'ArrayComprehensionExpression':
      return comprehension(source, inner(node), 'list', span);
    case 'SetComprehensionExpression':
      return comprehension(source, inner(node), 'set', span);
    case 'DictionaryComprehensionExpression':
      return comprehension(source, inner(node), 'dict', span);
    case 'ComprehensionExpression':
      return comprehension(source, inner(node), 'generator', span);
    case 'LambdaExpression':
      return lambda(source, node);
    case 'AwaitExpression':
    case 'UnaryExpression':
    case 'YieldExpression':
      return unary(source, node);
    case 'BinaryExpression':
      return binary(source, node);
    case 'ConditionalExpression':
      return conditional(source, node);
    case 'NamedExpression':
      return walrus(source, node);
    default:
      return unknown(
        span,
        childrenOf(node)
          .filter((child) => !child.type.isError && isOperand(child))
          .map((child) => expression(source, child)),
      );
  }
}

/**
 * Turns nodes that commas part into expressions, as in arguments of `print`, `return a, *b` or `for x in a, b`.
 * Stars become unary expressions.
 */
export function list(source: ChunkSource, nodes: readonly SyntaxNode[]): Expression[] {
  const found: Expression[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (!node || node.type.isError) continue;
    if (node.name === '*' || node.name === '**' || isStar(source, node)) {
      const next = nodes[i + 1];
      if (!next || next.type.isError || !isOperand(next)) continue;
      const operand = expression(source, next);
      found.push({ kind: 'unary', operator: source.read(node), operand, from: source.base + node.from, to: operand.to });
      i++;
    } else if (isOperand(node)) found.push(expression(source, node));
  }
  return found;
}

/** Nodes that commas may part, as one expression: itself if it is alone, else a tuple. */
export function sequence(source: ChunkSource, nodes: readonly SyntaxNode[], at: Span): Expression {
  const items = list(source, nodes);
  const [first] = items;
  const last = items.at(-1);
  if (!first || !last) return unknown(at);
  if (items.length === 1 && !nodes.some((node) => node.name === ',')) return first;
  return { kind: 'tuple', items, from: first.from, to: last.to };
}

/** Whether a node may be an expression: it is neither punctuation nor a keyword. */
export function isOperand(node: SyntaxNode): boolean {
  return /^[A-Z]/.test(node.name) && !notOperands.has(node.name);
}

const notOperands = new Set([
  'ArithOp',
  'BitOp',
  'CompareOp',
  'AssignOp',
  'UpdateOp',
  'LogicOp',
  'At',
  'TypeDef',
  'ArgList',
  'ParamList',
  'Body',
  'Comment',
]);

/** The grammar has a star in three guises. */
export function isStar(source: ChunkSource, node: SyntaxNode): boolean {
  return node.name === 'ArithOp' && /^\*\*?$/.test(source.read(node));
}

/** The children between the brackets. */
export function inner(node: SyntaxNode): SyntaxNode[] {
  return childrenOf(node).filter((child) => !/^[()[\]{}]$/.test(child.name));
}

/** `(a)` is `a` with the parentheses in its span left out; `()` is an empty tuple. */
function parenthesized(source: ChunkSource, node: SyntaxNode): Expression {
  const nodes = inner(node);
  const items = list(source, nodes);
  const [first] = items;
  if (!first)
    return nodes.some((child) => child.type.isError) ? unknown(source.span(node)) : { kind: 'tuple', items: [], ...source.span(node) };
  return items.length === 1 ? first : unknown(source.span(node), items);
}

function member(source: ChunkSource, node: SyntaxNode): Expression {
  const [first, second, ...rest] = childrenOf(node);
  const span = source.span(node);
  if (!first || !isOperand(first)) return unknown(span);
  const object = expression(source, first);
  if (second?.name === '[') return { kind: 'subscript', object, indices: indices(source, rest), ...span };
  const property = rest.find((child) => child.name === 'PropertyName');
  if (property) return { kind: 'attribute', object, name: source.read(property), nameSpan: source.span(property), ...span };
  // `20.` is a float: the grammar takes its point for the beginning of an attribute.
  if (object.kind === 'number') return { kind: 'number', text: source.read(node), ...span };
  return { kind: 'attribute', object, name: '', nameSpan: { from: span.to, to: span.to }, ...span };
}

function indices(source: ChunkSource, nodes: readonly SyntaxNode[]): Expression[] {
  const groups: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === ']') continue;
    if (node.name === ',') groups.push([]);
    else groups.at(-1)?.push(node);
  }
  return groups.flatMap((group): Expression[] => {
    const first = group[0];
    const last = group.at(-1);
    if (!first || !last) return [];
    const parts = list(source, group);
    if (!group.some((node) => node.name === ':')) return parts;
    return [{ kind: 'slice', parts, from: source.base + first.from, to: source.base + last.to }];
  });
}

function unary(source: ChunkSource, node: SyntaxNode): Expression {
  const nodes = childrenOf(node);
  const [operator, ...rest] = nodes;
  const span = source.span(node);
  if (!operator) return unknown(span);
  const from = rest[0]?.name === 'from';
  const operands = list(source, from ? rest.slice(1) : rest);
  const [first] = operands;
  const last = operands.at(-1);
  const word = from ? 'yield from' : source.read(operator);
  if (!first || !last) return { kind: 'unary', operator: word, ...span };
  const operand: Expression = operands.length === 1 ? first : { kind: 'tuple', items: operands, from: first.from, to: last.to };
  return { kind: 'unary', operator: word, operand, ...span };
}

function binary(source: ChunkSource, node: SyntaxNode): Expression {
  const nodes = childrenOf(node);
  const operands = nodes.filter(isOperand);
  const span = source.span(node);
  const [left, right] = operands;
  if (!left || !right || operands.length !== 2)
    return unknown(
      span,
      operands.map((child) => expression(source, child)),
    );
  const operator = nodes
    .filter((child) => child.from >= left.to && child.to <= right.from && !child.type.isError)
    .map((child) => source.read(child))
    .join(' ');
  return { kind: 'binary', operator, left: expression(source, left), right: expression(source, right), ...span };
}

function conditional(source: ChunkSource, node: SyntaxNode): Expression {
  const operands = childrenOf(node).filter(isOperand);
  const [whenTrue, test, whenFalse] = operands;
  const span = source.span(node);
  if (!whenTrue || !test || !whenFalse)
    return unknown(
      span,
      operands.map((child) => expression(source, child)),
    );
  return {
    kind: 'conditional',
    whenTrue: expression(source, whenTrue),
    test: expression(source, test),
    whenFalse: expression(source, whenFalse),
    ...span,
  };
}

function walrus(source: ChunkSource, node: SyntaxNode): Expression {
  const [target, value] = childrenOf(node).filter(isOperand);
  const span = source.span(node);
  if (!target || !value) return unknown(span, target ? [expression(source, target)] : []);
  return { kind: 'walrus', target: expression(source, target), value: expression(source, value), ...span };
}
