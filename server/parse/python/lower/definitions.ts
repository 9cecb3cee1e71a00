import type { SyntaxNode } from '@lezer/common';
import type { Span } from '../../text/span.ts';
import type { ClassDefinition, Decorator, Expression, FunctionDefinition, Statement } from '../ast.ts';
import { args, parameters } from './calls.ts';
import { expression, isOperand, list, unknown } from './expressions.ts';
import { type ChunkSource, childrenOf } from './source.ts';
import { statements, trimmed } from './statements.ts';

/** A function or class with decorators above it; its span begins at the first of them. */
export function decorated(source: ChunkSource, node: SyntaxNode, span: Span): Statement[] {
  const nodes = childrenOf(node);
  const decorators = nodes.filter((child) => child.name === 'Decorator').map((child) => decorator(source, child));
  const defined = nodes.find((child) => child.name === 'FunctionDefinition' || child.name === 'ClassDefinition');
  if (!defined) return [{ kind: 'unknown', ...span }];
  return [
    defined.name === 'FunctionDefinition'
      ? functionDefinition(source, defined, decorators, span)
      : classDefinition(source, defined, decorators, span),
  ];
}

/** The parser leaves a decorator flat: names, dots, one list of arguments. */
function decorator(source: ChunkSource, node: SyntaxNode): Decorator {
  const span = trimmed(source, node);
  let found: Expression | undefined;
  for (const child of childrenOf(node)) {
    if (child.name === 'At' || child.name === '.' || child.type.isError) continue;
    const here = source.span(child);
    if (child.name === 'ArgList' && found)
      found = { kind: 'call', callee: found, args: args(source, child), argsSpan: here, from: found.from, to: here.to };
    else if (found && (child.name === 'VariableName' || child.name === 'PropertyName'))
      found = { kind: 'attribute', object: found, name: source.read(child), nameSpan: here, from: found.from, to: here.to };
    else if (isOperand(child)) found = expression(source, child);
  }
  return { expression: found ?? unknown(span), ...span };
}

function body(source: ChunkSource, node: SyntaxNode): { body: Statement[]; bodySpan: Span } {
  const found = childrenOf(node).find((child) => child.name === 'Body');
  const end = source.base + node.to;
  if (!found) return { body: [], bodySpan: { from: end, to: end } };
  return { body: statements(source, found), bodySpan: trimmed(source, found) };
}

/** A function, as far as it is there: a missing name is empty, a missing body has no statements. */
export function functionDefinition(source: ChunkSource, node: SyntaxNode, decorators: Decorator[], span: Span): FunctionDefinition {
  const nodes = childrenOf(node);
  const name = nodes.find((child) => child.name === 'VariableName');
  const paramList = nodes.find((child) => child.name === 'ParamList');
  const typeDef = nodes.find((child) => child.name === 'TypeDef');
  const returns = typeDef && list(source, childrenOf(typeDef))[0];
  const own = trimmed(source, node);
  return {
    kind: 'function',
    name: name ? source.read(name) : '',
    nameSpan: name ? source.span(name) : { from: own.to, to: own.to },
    async: nodes[0]?.name === 'async',
    decorators,
    keyword: own.from,
    parameters: paramList ? parameters(source, paramList) : [],
    parametersSpan: paramList ? trimmed(source, paramList) : { from: own.to, to: own.to },
    ...(returns ? { returns } : {}),
    ...body(source, node),
    ...span,
  };
}

/** A class, likewise. */
export function classDefinition(source: ChunkSource, node: SyntaxNode, decorators: Decorator[], span: Span): ClassDefinition {
  const nodes = childrenOf(node);
  const name = nodes.find((child) => child.name === 'VariableName');
  const argList = nodes.find((child) => child.name === 'ArgList');
  const own = trimmed(source, node);
  return {
    kind: 'class',
    name: name ? source.read(name) : '',
    nameSpan: name ? source.span(name) : { from: own.to, to: own.to },
    decorators,
    keyword: own.from,
    args: argList ? args(source, argList) : [],
    ...(argList ? { argsSpan: trimmed(source, argList) } : {}),
    ...body(source, node),
    ...span,
  };
}
