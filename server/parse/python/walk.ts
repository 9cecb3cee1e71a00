import type { Expression, Node, Parameter, Statement } from './ast.ts';

/** The nodes directly below a node, in the order of the text. */
export function childrenOf(node: Node): Node[] {
  switch (node.kind) {
    case 'attribute':
      return [node.object];
    case 'call':
      return [node.callee, ...node.args.map((argument) => argument.value)];
    case 'subscript':
      return [node.object, ...node.indices];
    case 'fstring':
      return [...node.values];
    case 'tuple':
    case 'list':
    case 'set':
      return [...node.items];
    case 'dict':
      return node.entries.flatMap(({ key, value }) => (key ? [key, value] : [value]));
    case 'comprehension':
      return [...node.elements, ...node.clauses.flatMap((clause) => [clause.target, clause.iterable, ...clause.conditions])];
    case 'lambda':
      return [...parameterNodes(node.parameters), node.body];
    case 'unary':
      return node.operand ? [node.operand] : [];
    case 'binary':
      return [node.left, node.right];
    case 'conditional':
      return [node.whenTrue, node.test, node.whenFalse];
    case 'walrus':
      return [node.target, node.value];
    case 'slice':
      return [...node.parts];
    case 'unknown':
      return 'parts' in node ? [...node.parts] : [];
    case 'function':
      return [
        ...node.decorators.map((decorator) => decorator.expression),
        ...parameterNodes(node.parameters),
        ...(node.returns ? [node.returns] : []),
        ...node.body,
      ];
    case 'class':
      return [...node.decorators.map((decorator) => decorator.expression), ...node.args.map((argument) => argument.value), ...node.body];
    case 'assign':
      return [...node.targets, ...(node.annotation ? [node.annotation] : []), ...(node.value ? [node.value] : [])];
    case 'expression':
    case 'return':
    case 'raise':
    case 'delete':
    case 'assert':
    case 'type-alias':
      return [...node.values];
    case 'if':
    case 'while':
    case 'try':
    case 'match':
      return [
        ...(node.subject ? [node.subject] : []),
        ...node.branches.flatMap((branch) => [...branch.tests, ...branch.binds, ...branch.body]),
      ];
    case 'for':
      return [node.target, node.iterable, ...node.body, ...node.otherwise];
    case 'with':
      return [...node.items.flatMap(({ value, target }) => (target ? [value, target] : [value])), ...node.body];
    case 'global':
    case 'nonlocal':
      return [...node.names];
    default:
      return [];
  }
}

function parameterNodes(parameters: readonly Parameter[]): Expression[] {
  return parameters.flatMap((parameter) => [
    ...(parameter.annotation ? [parameter.annotation] : []),
    ...(parameter.default ? [parameter.default] : []),
  ]);
}

/** Visits a node and everything below it; `visit` returns false to stay out of a node's children. */
export function walk(node: Node, visit: (node: Node) => unknown): void {
  if (visit(node) === false) return;
  for (const child of childrenOf(node)) walk(child, visit);
}

/** Visits what runs when these statements run: not the bodies of functions, lambdas and classes that they define. */
export function walkOwn(body: readonly Statement[], visit: (node: Node) => unknown): void {
  for (const statement of body)
    walk(statement, (node) => {
      if (visit(node) === false || node.kind === 'function' || node.kind === 'class' || node.kind === 'lambda') return false;
      return undefined;
    });
}

/** The innermost nodes around an offset, outermost first. */
export function pathTo(body: readonly Statement[], offset: number): Node[] {
  const path: Node[] = [];
  let level: readonly Node[] = body;
  for (;;) {
    const next = level.find((node) => node.from <= offset && offset <= node.to);
    if (!next) return path;
    path.push(next);
    level = childrenOf(next);
  }
}
