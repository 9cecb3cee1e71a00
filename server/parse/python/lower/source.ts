import type { SyntaxNode } from '@lezer/common';
import type { Span } from '../../text/span.ts';

/** A chunk's text and where it begins, to turn the parser's nodes into spans of the whole file. */
export class ChunkSource {
  readonly text: string;
  readonly base: number;

  constructor(text: string, base: number) {
    this.text = text;
    this.base = base;
  }

  span(node: { from: number; to: number }): Span {
    return { from: this.base + node.from, to: this.base + node.to };
  }

  read(node: { from: number; to: number }): string {
    return this.text.slice(node.from, node.to);
  }
}

/** A node's children without comments. Errors stay in: they part what stands beside them. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) if (child.name !== 'Comment') found.push(child);
  return found;
}
