import type { SyntaxNode } from '@lezer/common';
import type { Argument, Expression, Parameter } from '../ast.ts';
import { comprehension } from './displays.ts';
import { expression, inner, isOperand, isStar, list, sequence, unknown } from './expressions.ts';
import { type ChunkSource, childrenOf } from './source.ts';

/** A call, with the span of its parentheses. */
export function call(source: ChunkSource, node: SyntaxNode): Expression {
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

/** `target := value`, where the grammar has not made one node of it. */
export function assignment(source: ChunkSource, target: SyntaxNode, value: SyntaxNode): Expression {
  return {
    kind: 'walrus',
    target: expression(source, target),
    value: expression(source, value),
    from: source.base + target.from,
    to: source.base + value.to,
  };
}

/** `lambda a, *b: body`. */
export function lambda(source: ChunkSource, node: SyntaxNode): Expression {
  const nodes = childrenOf(node);
  const paramList = nodes.find((child) => child.name === 'ParamList');
  const colon = nodes.findIndex((child) => child.name === ':');
  const span = source.span(node);
  const body = colon < 0 ? unknown(span) : sequence(source, nodes.slice(colon + 1), { from: span.to, to: span.to });
  return { kind: 'lambda', parameters: paramList ? parameters(source, paramList) : [], body, ...span };
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
