import type { SyntaxNode } from '@lezer/common';
import type { Span } from '../../text/span.ts';
import type { Branch, Expression, Name, Statement, With } from '../ast.ts';
import { list, sequence } from './expressions.ts';
import { type ChunkSource, childrenOf } from './source.ts';
import { nameOf, statements } from './statements.ts';

/** The parts of `if`, `while` and `try`: a keyword, what it asks, a body. */
export function branches(source: ChunkSource, nodes: readonly SyntaxNode[]): Branch[] {
  const found: Branch[] = [];
  let keyword: Branch['keyword'] | undefined;
  let head: SyntaxNode[] = [];
  for (const node of nodes) {
    if (/^(?:if|elif|else|while|try|except|finally)$/.test(node.name)) {
      keyword = node.name as Branch['keyword'];
      head = [];
    } else if (node.name === 'Body') {
      if (keyword) found.push(branch(source, keyword, head, node));
      keyword = undefined;
    } else if (!node.type.isError) head.push(node);
  }
  return found;
}

function branch(source: ChunkSource, keyword: Branch['keyword'], head: readonly SyntaxNode[], bodyNode: SyntaxNode): Branch {
  const as = head.findIndex((node) => node.name === 'as');
  const bound = as < 0 ? undefined : head[as + 1];
  return {
    keyword,
    tests: list(
      source,
      (as < 0 ? head : head.slice(0, as)).filter((node) => node.name !== '*'),
    ),
    binds: bound?.name === 'VariableName' ? [nameOf(source, bound)] : [],
    body: statements(source, bodyNode),
  };
}

/** `match`: what its patterns bind is kept, the patterns themselves are not. */
export function matchStatement(source: ChunkSource, node: SyntaxNode, span: Span): Statement {
  const nodes = childrenOf(node);
  const matchBody = nodes.find((child) => child.name === 'MatchBody');
  const subject = sequence(
    source,
    nodes.slice(1).filter((child) => child !== matchBody),
    span,
  );
  const clauses = matchBody ? childrenOf(matchBody).filter((child) => child.name === 'MatchClause') : [];
  return {
    kind: 'match',
    subject,
    branches: clauses.map((clause): Branch => {
      const parts = childrenOf(clause);
      const bodyNode = parts.find((child) => child.name === 'Body');
      const guard = parts.find((child) => child.name === 'Guard');
      const binds: Name[] = [];
      const collect = (pattern: SyntaxNode): void => {
        if (pattern.name === 'VariableName' && pattern.parent && capturing.has(pattern.parent.name)) binds.push(nameOf(source, pattern));
        for (const child of childrenOf(pattern)) collect(child);
      };
      for (const part of parts) if (part !== bodyNode && part !== guard) collect(part);
      return {
        keyword: 'case',
        tests: guard ? list(source, childrenOf(guard)) : [],
        binds,
        body: bodyNode ? statements(source, bodyNode) : [],
      };
    }),
    ...span,
  };
}

const capturing = new Set(['CapturePattern', 'AsPattern', 'StarPattern', 'MappingPattern']);

/** `for … in …`, with its `else`. */
export function forStatement(source: ChunkSource, node: SyntaxNode, span: Span): Statement {
  const nodes = childrenOf(node);
  const start = nodes.findIndex((child) => child.name === 'for');
  const middle = nodes.findIndex((child) => child.name === 'in');
  const bodies = nodes.filter((child) => child.name === 'Body');
  const end = bodies[0] ? nodes.indexOf(bodies[0]) : nodes.length;
  const at = { from: span.to, to: span.to };
  return {
    kind: 'for',
    async: nodes[0]?.name === 'async',
    target: sequence(source, nodes.slice(start + 1, middle < 0 ? end : middle), at),
    iterable: sequence(source, middle < 0 ? [] : nodes.slice(middle + 1, end), at),
    body: bodies[0] ? statements(source, bodies[0]) : [],
    otherwise: bodies[1] ? statements(source, bodies[1]) : [],
    ...span,
  };
}

/** `with`; each item is a value and perhaps a target. */
export function withStatement(source: ChunkSource, node: SyntaxNode, span: Span): Statement {
  const nodes = childrenOf(node);
  const bodyNode = nodes.find((child) => child.name === 'Body');
  const start = nodes.findIndex((child) => child.name === 'with');
  const items: { value: Expression; target?: Expression }[] = [];
  let group: SyntaxNode[] = [];
  const flush = (): void => {
    const as = group.findIndex((child) => child.name === 'as');
    const [value] = list(source, as < 0 ? group : group.slice(0, as));
    const target = as < 0 ? undefined : list(source, group.slice(as + 1))[0];
    if (value) items.push({ value, ...(target ? { target } : {}) });
    group = [];
  };
  for (const child of nodes.slice(start + 1)) {
    if (child === bodyNode) break;
    if (child.name === ',') flush();
    else group.push(child);
  }
  flush();
  return {
    kind: 'with',
    async: nodes[0]?.name === 'async',
    items: items as With['items'],
    body: bodyNode ? statements(source, bodyNode) : [],
    ...span,
  };
}
