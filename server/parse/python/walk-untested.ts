import type { Expression, Node, Statement } from './ast.ts';
import { childrenOf, walkOwn } from './walk.ts';

/**
 * Visits what runs each time that these statements do, as far as no test has a say in it: nothing below an `if`, a `while`
 * or a `match`, in a handler, or right of an `or`. It ends behind a statement that `leaves`. Loops are taken to run.
 */
export function walkUntested(
  body: readonly Statement[],
  visit: (node: Node) => void,
  leaves: (statement: Statement) => boolean = () => false,
): boolean {
  return body.every((statement) => {
    for (const part of untestedParts(statement)) {
      if (Array.isArray(part)) walkUntested(part, visit, leaves);
      else expression(part as Expression, visit);
    }
    return !leaves(statement);
  });
}

/** Whether a function may be left at a statement without having failed. */
export function mayReturn(statement: Statement): boolean {
  let found = false;
  walkOwn([statement], (node) => {
    if (node.kind === 'return') found = true;
  });
  return found;
}

function untestedParts(statement: Statement): (Expression | readonly Statement[])[] {
  switch (statement.kind) {
    case 'function':
    case 'class':
      return [];
    case 'if':
    case 'while':
    case 'match':
      return [...(statement.subject ? [statement.subject] : []), ...(statement.branches[0]?.tests ?? [])];
    case 'try':
      return statement.branches.filter(({ keyword }) => keyword === 'try' || keyword === 'finally').map((branch) => branch.body);
    case 'for':
      return [statement.iterable, statement.body];
    case 'with':
      return [...statement.items.map((item) => item.value), statement.body];
    default:
      return childrenOf(statement) as Expression[];
  }
}

function expression(node: Expression, visit: (node: Node) => void): void {
  visit(node);
  if (node.kind === 'lambda') return;
  const below =
    node.kind === 'conditional'
      ? [node.test]
      : node.kind === 'binary' && /^(?:and|or)$/.test(node.operator)
        ? [node.left]
        : (childrenOf(node) as Expression[]);
  for (const child of below) expression(child, visit);
}
