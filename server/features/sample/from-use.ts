import type { Expression, Node, Statement } from '../../parse/python/ast.ts';
import { childrenOf } from '../../parse/python/walk.ts';
import { type Json, literal } from './json.ts';

const textMethods = new Set(
  'upper lower title strip lstrip rstrip split rsplit splitlines encode replace startswith endswith format casefold capitalize'.split(' '),
);
const arithmetic = new Set(['+', '-', '*', '/', '//', '%', '**', '<', '>', '<=', '>=']);
/** What is called with numbers, by the last part of its name; and with lists of them. */
const ofNumbers = new Set(['float', 'int', 'abs', 'round', 'pow', 'sqrt', 'exp', 'log']);
const ofLists = new Set(
  'len sum min max sorted list tuple set enumerate zip array asarray tensor as_tensor Tensor DataFrame mean'.split(' '),
);

/**
 * The keys that a function's body takes out of its payload, `payload["x"]` and `payload.get("x")`, each with a value of the
 * kind that is done with there. `each`: of the payloads of a batch. Undefined where it takes none.
 */
export function fromUse(body: readonly Statement[], payload: string, each: boolean): Json | undefined {
  const names = each ? loopNames(body, payload) : new Set([payload]);
  const found = new Map<string, Json | undefined>();
  const visit = (node: Node, around: Node | undefined): void => {
    const taken = keyOf(node, names);
    if (taken) found.set(taken.key, found.get(taken.key) ?? taken.value ?? kindBy(node, around));
    for (const child of childrenOf(node)) visit(child, node);
  };
  for (const statement of body) visit(statement, undefined);
  if (found.size === 0) return undefined;
  return Object.fromEntries([...found].map(([key, value]) => [key, value ?? 'text']));
}

/** What loops and comprehensions over the batch call one payload of it. */
function loopNames(body: readonly Statement[], batch: string): Set<string> {
  const names = new Set<string>();
  const add = (target: Expression, iterable: Expression): void => {
    if (iterable.kind === 'name' && iterable.id === batch && target.kind === 'name') names.add(target.id);
  };
  const visit = (node: Node): void => {
    if (node.kind === 'for') add(node.target, node.iterable);
    if (node.kind === 'comprehension') for (const { target, iterable } of node.clauses) add(target, iterable);
    for (const child of childrenOf(node)) visit(child);
  };
  for (const statement of body) visit(statement);
  return names;
}

function keyOf(node: Node, names: ReadonlySet<string>): { key: string; value?: Json | undefined } | undefined {
  const isPayload = (expression: Expression): boolean => expression.kind === 'name' && names.has(expression.id);
  if (node.kind === 'subscript' && isPayload(node.object)) {
    const [index] = node.indices;
    return index?.kind === 'string' ? { key: index.value } : undefined;
  }
  if (node.kind !== 'call' || node.callee.kind !== 'attribute' || node.callee.name !== 'get' || !isPayload(node.callee.object))
    return undefined;
  const [key, otherwise] = node.args;
  if (key?.value.kind !== 'string') return undefined;
  return { key: key.value.value, value: otherwise && literal(otherwise.value) };
}

/** What a value must be for what is done with it right there. */
function kindBy(node: Node, around: Node | undefined): Json | undefined {
  if (around?.kind === 'attribute') return textMethods.has(around.name) ? 'text' : undefined;
  if (around?.kind === 'binary') return arithmetic.has(around.operator) ? 1 : undefined;
  if (around?.kind === 'for' && around.iterable === node) return [1, 2, 3];
  if (around?.kind === 'comprehension' && around.clauses.some(({ iterable }) => iterable === node)) return [1, 2, 3];
  if (around?.kind !== 'call' || around.callee === node) return undefined;
  const { callee } = around;
  const name = callee.kind === 'name' ? callee.id : callee.kind === 'attribute' ? callee.name : '';
  return ofNumbers.has(name) ? 1 : ofLists.has(name) ? [1, 2, 3] : undefined;
}
