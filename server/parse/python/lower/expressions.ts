import type { SyntaxNode } from '@lezer/common';
import type { Span } from '../../text/span.ts';
import type { Argument, Comprehension, ComprehensionClause, Dict, Expression, Parameter } from '../ast.ts';
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

function isStar(source: ChunkSource, node: SyntaxNode): boolean {
  return node.name === 'ArithOp' && /^\*\*?$/.test(source.read(node));
}

/** The children between the brackets. */
function inner(node: SyntaxNode): SyntaxNode[] {
  return childrenOf(node).filter((child) => !/^[()[\]{}]$/.test(child.name));
}

function formatString(source: ChunkSource, node: SyntaxNode): Expression {
  const text = source.read(node);
  const replacements = childrenOf(node).filter((child) => child.name === 'FormatReplacement');
  const first = replacements[0];
  const { content } = readLiteral(text);
  const end = first ? first.from - node.from : content.to;
  const values: Expression[] = [];
  const collect = (parent: SyntaxNode): void => {
    for (const child of childrenOf(parent)) {
      if (child.name === 'FormatSpec' || child.name === 'FormatReplacement') collect(child);
      else if (isOperand(child) && !child.name.startsWith('Format')) values.push(expression(source, child));
      else if (child.name === 'FormatString') values.push(expression(source, child));
    }
  };
  for (const replacement of replacements) collect(replacement);
  return { kind: 'fstring', prefix: text.slice(content.from, end).replaceAll('{{', '{'), values, ...source.span(node) };
}

/** Adjacent literals. With an f-string among them the whole is one. */
function joined(source: ChunkSource, node: SyntaxNode): Expression {
  const parts = childrenOf(node)
    .filter((child) => child.name === 'String' || child.name === 'FormatString')
    .map((child) => expression(source, child));
  const span = source.span(node);
  if (parts.some((part) => part.kind === 'fstring')) {
    let prefix = '';
    for (const part of parts) {
      if (part.kind === 'string') prefix += part.value;
      if (part.kind !== 'fstring') continue;
      prefix += part.prefix;
      if (part.values.length > 0) break;
    }
    return { kind: 'fstring', prefix, values: parts.flatMap((part) => (part.kind === 'fstring' ? part.values : [])), ...span };
  }
  const strings = parts.flatMap((part) => (part.kind === 'string' ? [part] : []));
  return { kind: 'string', value: strings.map((part) => part.value).join(''), bytes: strings.some((part) => part.bytes), ...span };
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

function call(source: ChunkSource, node: SyntaxNode): Expression {
  const [callee, argList] = childrenOf(node);
  const span = source.span(node);
  if (!callee || argList?.name !== 'ArgList') return unknown(span, callee ? [expression(source, callee)] : []);
  return { kind: 'call', callee: expression(source, callee), args: args(source, argList), argsSpan: source.span(argList), ...span };
}

/** The arguments of a call or the bases of a class. A generator without parentheses of its own is one argument. */
export function args(source: ChunkSource, argList: SyntaxNode): Argument[] {
  const nodes = inner(argList);
  if (nodes.some((node) => node.name === 'for')) {
    const first = nodes[0];
    const last = nodes.at(-1);
    if (!first || !last) return [];
    const span = { from: source.base + first.from, to: source.base + last.to };
    return [{ stars: 0, value: comprehension(source, nodes, 'generator', span), ...span }];
  }
  const found: Argument[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (!node || node.type.isError || node.name === ',') continue;
    const next = nodes[i + 1];
    const from = source.base + node.from;
    if (node.name === '*' || node.name === '**' || isStar(source, node)) {
      if (!next || !isOperand(next)) continue;
      const value = expression(source, next);
      found.push({ stars: source.read(node) === '**' ? 2 : 1, value, from, to: value.to });
      i++;
    } else if (node.name === 'VariableName' && next?.name === 'AssignOp' && source.read(next) === '=') {
      const third = nodes[i + 2];
      const has = third && isOperand(third);
      const value = has ? expression(source, third) : unknown({ from: source.base + next.to, to: source.base + next.to });
      found.push({ name: source.read(node), nameSpan: source.span(node), stars: 0, value, from, to: value.to });
      i += has ? 2 : 1;
    } else if (isOperand(node)) {
      // In a list of arguments the grammar leaves `a := b` flat.
      const third = next?.name === 'AssignOp' ? nodes[i + 2] : undefined;
      const value = third && isOperand(third) ? assignment(source, node, third) : expression(source, node);
      found.push({ stars: 0, value, from, to: source.base + (third ?? node).to });
      if (third) i += 2;
    }
  }
  return found;
}

function assignment(source: ChunkSource, target: SyntaxNode, value: SyntaxNode): Expression {
  return {
    kind: 'walrus',
    target: expression(source, target),
    value: expression(source, value),
    from: source.base + target.from,
    to: source.base + value.to,
  };
}

function entries(source: ChunkSource, nodes: readonly SyntaxNode[]): Dict['entries'] {
  const found: { key?: Expression; value: Expression }[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (!node || node.type.isError || node.name === ',') continue;
    const next = nodes[i + 1];
    if (node.name === '**' || isStar(source, node)) {
      if (next && isOperand(next)) found.push({ value: expression(source, next) });
      i++;
    } else if (isOperand(node)) {
      const third = nodes[i + 2];
      if (next?.name === ':' && third && isOperand(third)) {
        found.push({ key: expression(source, node), value: expression(source, third) });
        i += 2;
      } else {
        const span = source.span(node);
        found.push({ key: expression(source, node), value: unknown({ from: span.to, to: span.to }) });
        if (next?.name === ':') i++;
      }
    }
  }
  return found;
}

function comprehension(source: ChunkSource, nodes: readonly SyntaxNode[], of: Comprehension['of'], span: Span): Expression {
  const firstFor = nodes.findIndex((node) => node.name === 'for' || node.name === 'async');
  const elements = list(source, nodes.slice(0, firstFor < 0 ? undefined : firstFor));
  const clauses: ComprehensionClause[] = [];
  let i = firstFor < 0 ? nodes.length : firstFor;
  const until = (...names: string[]): SyntaxNode[] => {
    const from = i;
    while (i < nodes.length && !names.includes(nodes[i]?.name ?? '')) i++;
    return nodes.slice(from, i);
  };
  while (i < nodes.length) {
    if (nodes[i]?.name !== 'for') {
      i++;
      continue;
    }
    i++;
    const target = sequence(source, until('in', 'for'), span);
    if (nodes[i]?.name === 'in') i++;
    const iterable = sequence(source, until('if', 'for', 'async'), span);
    const conditions: Expression[] = [];
    while (nodes[i]?.name === 'if') {
      i++;
      conditions.push(sequence(source, until('if', 'for', 'async'), span));
    }
    clauses.push({ target, iterable, conditions });
  }
  return { kind: 'comprehension', of, elements, clauses, ...span };
}

function lambda(source: ChunkSource, node: SyntaxNode): Expression {
  const nodes = childrenOf(node);
  const paramList = nodes.find((child) => child.name === 'ParamList');
  const colon = nodes.findIndex((child) => child.name === ':');
  const span = source.span(node);
  const body = colon < 0 ? unknown(span) : sequence(source, nodes.slice(colon + 1), { from: span.to, to: span.to });
  return { kind: 'lambda', parameters: paramList ? parameters(source, paramList) : [], body, ...span };
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

/** The parameters of a function or a lambda. `/` and a bare `*` only change the kind of those beside them. */
export function parameters(source: ChunkSource, paramList: SyntaxNode): Parameter[] {
  const groups: SyntaxNode[][] = [[]];
  const found: Parameter[] = [];
  let previousEnd = paramList.from;
  let slashAfter = -1;
  for (const node of inner(paramList)) {
    if (node.name === ',') {
      // The grammar gives `/` no node: it stands between two commas.
      if (groups.at(-1)?.length === 0 && source.text.slice(previousEnd, node.from).includes('/')) slashAfter = groups.length - 1;
      groups.push([]);
      previousEnd = node.to;
    } else {
      groups.at(-1)?.push(node);
      previousEnd = node.to;
    }
  }
  if (groups.at(-1)?.length === 0 && /\/\s*\)?$/.test(source.text.slice(previousEnd, paramList.to))) slashAfter = groups.length - 1;
  let keywordOnly = false;
  groups.forEach((group, index) => {
    const star = group[0] && /^\*\*?$/.test(source.read(group[0])) ? source.read(group[0]) : undefined;
    const name = group.find((node) => node.name === 'VariableName');
    if (star === '*') keywordOnly = true;
    if (!name || (star && group.indexOf(name) !== 1)) return;
    const typeDef = group.find((node) => node.name === 'TypeDef');
    const assign = group.findIndex((node) => node.name === 'AssignOp');
    const annotation = typeDef && list(source, childrenOf(typeDef))[0];
    const value = assign >= 0 ? list(source, group.slice(assign + 1))[0] : undefined;
    const last = group.at(-1) ?? name;
    found.push({
      name: source.read(name),
      nameSpan: source.span(name),
      kind:
        star === '**'
          ? 'kwargs'
          : star === '*'
            ? 'args'
            : keywordOnly
              ? 'keyword-only'
              : index < slashAfter
                ? 'positional-only'
                : 'positional',
      ...(annotation ? { annotation } : {}),
      ...(value ? { default: value } : assign >= 0 ? { default: unknown(source.span(last)) } : {}),
      from: source.base + (group[0] ?? name).from,
      to: source.base + last.to,
    });
  });
  return found;
}
