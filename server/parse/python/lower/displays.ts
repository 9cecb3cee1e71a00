import type { SyntaxNode } from '@lezer/common';
import type { Span } from '../../text/span.ts';
import type { Comprehension, ComprehensionClause, Dict, Expression } from '../ast.ts';
import { expression, isOperand, isStar, list, sequence, unknown } from './expressions.ts';
import { type ChunkSource, childrenOf } from './source.ts';
import { readLiteral } from './strings.ts';

/** An f-string: the text before its first replacement, and every expression in it, also in format specifications. */
export function formatString(source: ChunkSource, node: SyntaxNode): Expression {
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
export function joined(source: ChunkSource, node: SyntaxNode): Expression {
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

/** The entries of a dictionary; while one is typed its value may be unknown. */
export function entries(source: ChunkSource, nodes: readonly SyntaxNode[]): Dict['entries'] {
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

/** What stands between the brackets of a comprehension, or the parentheses of a call that has one for its argument. */
export function comprehension(source: ChunkSource, nodes: readonly SyntaxNode[], of: Comprehension['of'], span: Span): Expression {
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
