import type { SyntaxNode } from '@lezer/common';
import type { Span } from '../../text/span.ts';
import type { Branch, ClassDefinition, Decorator, Expression, FunctionDefinition, ImportedName, Name, Statement, With } from '../ast.ts';
import { args, expression, isOperand, list, parameters, sequence, unknown } from './expressions.ts';
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
function trimmed(source: ChunkSource, node: SyntaxNode): Span {
  let to = node.to;
  while (to > node.from && /\s/.test(source.text[to - 1] ?? '')) to--;
  return { from: source.base + node.from, to: source.base + to };
}

function nameOf(source: ChunkSource, node: SyntaxNode): Name {
  return { kind: 'name', id: source.read(node), ...source.span(node) };
}

function decorated(source: ChunkSource, node: SyntaxNode, span: Span): Statement[] {
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

function functionDefinition(source: ChunkSource, node: SyntaxNode, decorators: Decorator[], span: Span): FunctionDefinition {
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

function classDefinition(source: ChunkSource, node: SyntaxNode, decorators: Decorator[], span: Span): ClassDefinition {
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

function importStatement(source: ChunkSource, node: SyntaxNode, span: Span): Statement {
  const nodes = childrenOf(node);
  const imports = nodes.findIndex((child) => child.name === 'import');
  const head = nodes.slice(1, imports < 0 ? undefined : imports);
  const rest = nodes.slice(imports < 0 ? nodes.length : imports + 1);
  const names = importedNames(source, rest);
  if (nodes[0]?.name !== 'from') return { kind: 'import', names, ...span };
  const module = head.filter((child) => child.name === 'VariableName');
  const first = module[0];
  const last = module.at(-1);
  const at = source.base + (nodes[0]?.to ?? node.to);
  return {
    kind: 'import-from',
    module: module.map((child) => source.read(child)).join('.'),
    moduleSpan: first && last ? { from: source.base + first.from, to: source.base + last.to } : { from: at, to: at },
    level: head.findIndex((child) => child.name !== '.') < 0 ? head.length : head.findIndex((child) => child.name !== '.'),
    names,
    ...span,
  };
}

function importedNames(source: ChunkSource, nodes: readonly SyntaxNode[]): ImportedName[] {
  const groups: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === ',') groups.push([]);
    else if (!/^[()]$/.test(node.name) && !node.type.isError) groups.at(-1)?.push(node);
  }
  return groups.flatMap((group): ImportedName[] => {
    const as = group.findIndex((node) => node.name === 'as');
    const dotted = group.slice(0, as < 0 ? undefined : as).filter((node) => node.name !== '.');
    const first = dotted[0];
    const last = dotted.at(-1);
    if (!first || !last) return [];
    const alias = as < 0 ? undefined : group[as + 1];
    const nameSpan = { from: source.base + first.from, to: source.base + last.to };
    return [
      {
        name: dotted.map((node) => source.read(node)).join('.'),
        nameSpan,
        ...(alias ? { alias: source.read(alias), aliasSpan: source.span(alias) } : {}),
        from: nameSpan.from,
        to: alias ? source.base + alias.to : nameSpan.to,
      },
    ];
  });
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

/** The parts of `if`, `while` and `try`: a keyword, what it asks, a body. */
function branches(source: ChunkSource, nodes: readonly SyntaxNode[]): Branch[] {
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

function matchStatement(source: ChunkSource, node: SyntaxNode, span: Span): Statement {
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

function forStatement(source: ChunkSource, node: SyntaxNode, span: Span): Statement {
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

function withStatement(source: ChunkSource, node: SyntaxNode, span: Span): Statement {
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
