import type { SyntaxNode } from '@lezer/common';
import type { Span } from '../../text/span.ts';
import type { Expression, Name, Statement } from '../ast.ts';
import { branches, forStatement, matchStatement, withStatement } from './compound.ts';
import { classDefinition, decorated, functionDefinition } from './definitions.ts';
import { isOperand, list, sequence, unknown } from './expressions.ts';
import { importStatement } from './imports.ts';
import { type ChunkSource, childrenOf } from './source.ts';

/** Turns the statements below a node (a script or a body) into plain data. */
export function statements(source: ChunkSource, parent: SyntaxNode): Statement[] {
  return childrenOf(parent).flatMap((node) => (node.type.isError || node.name === ':' ? [] : statement(source, node)));
}

function statement(source: ChunkSource, node: SyntaxNode): Statement[] {
  const span = trimmed(source, node);
  switch (node.name) {
    case 'StatementGroup':
      return statements(source, node);
    case 'FunctionDefinition':
      return [functionDefinition(source, node, [], span)];
    case 'ClassDefinition':
      return [classDefinition(source, node, [], span)];
    case 'DecoratedStatement':
      return decorated(source, node, span);
    case 'ImportStatement':
      return [importStatement(source, node, span)];
    case 'AssignStatement':
      return [assign(source, node, span)];
    case 'UpdateStatement':
      return [update(source, node, span)];
    case 'ExpressionStatement':
      return [{ kind: 'expression', values: [sequence(source, childrenOf(node), span)], ...span }];
    case 'YieldStatement': {
      const nodes = childrenOf(node);
      const from = nodes[1]?.name === 'from';
      const rest = nodes.slice(from ? 2 : 1);
      const operand = rest.some(isOperand) ? { operand: sequence(source, rest, span) } : {};
      return [{ kind: 'expression', values: [{ kind: 'unary', operator: from ? 'yield from' : 'yield', ...operand, ...span }], ...span }];
    }
    case 'ReturnStatement': {
      const rest = childrenOf(node).slice(1);
      return [{ kind: 'return', values: rest.some(isOperand) ? [sequence(source, rest, span)] : [], ...span }];
    }
    case 'RaiseStatement':
      return [{ kind: 'raise', values: list(source, childrenOf(node).slice(1)), ...span }];
    case 'DeleteStatement':
      return [{ kind: 'delete', values: list(source, childrenOf(node).slice(1)), ...span }];
    case 'AssertStatement':
      return [{ kind: 'assert', values: list(source, childrenOf(node).slice(1)), ...span }];
    case 'TypeDefinition':
      return [{ kind: 'type-alias', values: list(source, childrenOf(node).slice(1)), ...span }];
    case 'ScopeStatement':
      return [
        {
          kind: source.text.startsWith('nonlocal', node.from) ? 'nonlocal' : 'global',
          names: childrenOf(node).flatMap((child) => (child.name === 'VariableName' ? [nameOf(source, child)] : [])),
          ...span,
        },
      ];
    case 'IfStatement':
    case 'WhileStatement':
    case 'TryStatement':
      return [{ kind: compoundKinds[node.name], branches: branches(source, childrenOf(node)), ...span }];
    case 'MatchStatement':
      return [matchStatement(source, node, span)];
    case 'ForStatement':
      return [forStatement(source, node, span)];
    case 'WithStatement':
      return [withStatement(source, node, span)];
    case 'PassStatement':
      return [{ kind: 'pass', ...span }];
    case 'BreakStatement':
      return [{ kind: 'break', ...span }];
    case 'ContinueStatement':
      return [{ kind: 'continue', ...span }];
    default:
      return isOperand(node) ? [{ kind: 'unknown', ...span }] : [];
  }
}

const compoundKinds = { IfStatement: 'if', WhileStatement: 'while', TryStatement: 'try' } as const;

/** A statement's span without the line break (and the blank lines) that the parser counts in. */
export function trimmed(source: ChunkSource, node: SyntaxNode): Span {
  let to = node.to;
  while (to > node.from && /\s/.test(source.text[to - 1] ?? '')) to--;
  return { from: source.base + node.from, to: source.base + to };
}

/** A node that is a name, as one. */
export function nameOf(source: ChunkSource, node: SyntaxNode): Name {
  return { kind: 'name', id: source.read(node), ...source.span(node) };
}

function assign(source: ChunkSource, node: SyntaxNode, span: Span): Statement {
  const groups: SyntaxNode[][] = [[]];
  let annotation: Expression | undefined;
  for (const child of childrenOf(node)) {
    if (child.name === 'AssignOp') groups.push([]);
    else if (child.name === 'TypeDef') annotation = list(source, childrenOf(child))[0] ?? unknown(source.span(child));
    else groups.at(-1)?.push(child);
  }
  const values = groups.map((group) => sequence(source, group, { from: span.to, to: span.to }));
  const value = groups.length > 1 ? values.at(-1) : undefined;
  return {
    kind: 'assign',
    targets: value ? values.slice(0, -1) : values,
    ...(annotation ? { annotation } : {}),
    ...(value ? { value } : {}),
    ...span,
  };
}

function update(source: ChunkSource, node: SyntaxNode, span: Span): Statement {
  const nodes = childrenOf(node);
  const at = nodes.findIndex((child) => child.name === 'UpdateOp');
  const operator = nodes[at];
  return {
    kind: 'assign',
    targets: [sequence(source, nodes.slice(0, Math.max(at, 0)), span)],
    ...(operator ? { operator: source.read(operator) } : {}),
    value: sequence(source, nodes.slice(at + 1), { from: span.to, to: span.to }),
    ...span,
  };
}
