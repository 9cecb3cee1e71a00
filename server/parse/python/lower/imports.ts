import type { SyntaxNode } from '@lezer/common';
import type { Span } from '../../text/span.ts';
import type { ImportedName, Statement } from '../ast.ts';
import { type ChunkSource, childrenOf } from './source.ts';

/** `import …` and `from … import …`; relative ones count their dots. */
export function importStatement(source: ChunkSource, node: SyntaxNode, span: Span): Statement {
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
