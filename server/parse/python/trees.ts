import { type ChangedRange, type Tree, TreeFragment } from '@lezer/common';
import { parser } from '@lezer/python';
import type { Span } from '../text/span.ts';

/** A top-level statement's syntax tree. Its offsets count from `from`, so that it stays valid when text before it changes. */
export interface Chunk extends Span {
  readonly text: string;
  readonly tree: Tree;
  readonly errors: readonly Span[];
}

/** Below this many characters a chunk is parsed anew sooner than an edit of it is worked out. */
const worthReusing = 2000;

/**
 * Parses every chunk that the former version of the text did not have. A long chunk that changed in one place is parsed
 * incrementally, and that result is kept only when both versions are free of errors: recovery may choose differently
 * when it begins in the middle, and the same text must always give the same tree.
 */
export function parseChunks(text: string, spans: readonly Span[], former: readonly Chunk[] = []): Chunk[] {
  const known = new Map<string, Chunk>();
  for (const chunk of former) known.set(chunk.text, chunk);
  const fresh: number[] = [];
  const chunks: (Chunk | undefined)[] = spans.map(({ from, to }, index) => {
    const piece = text.slice(from, to);
    const same = known.get(piece);
    if (!same) fresh.push(index);
    return same && { from, to, text: same.text, tree: same.tree, errors: same.errors };
  });
  const edited = fresh.length === 1 && former.length === spans.length ? former[fresh[0] ?? -1] : undefined;
  return chunks.map((chunk, index) => {
    if (chunk) return chunk;
    const { from, to } = spans[index] ?? { from: 0, to: 0 };
    const piece = text.slice(from, to);
    const tree = (edited && reparse(piece, edited)) || parser.parse(piece);
    return { from, to, text: piece, tree, errors: errorsOf(tree, piece) };
  });
}

function reparse(text: string, former: Chunk): Tree | undefined {
  if (text.length < worthReusing || former.errors.length > 0) return undefined;
  const fragments = TreeFragment.applyChanges(TreeFragment.addTree(former.tree), [changeBetween(former.text, text)]);
  const tree = parser.parse(text, fragments);
  return hasErrorNode(tree) ? undefined : tree;
}

/** The one stretch in which two texts differ. */
function changeBetween(before: string, after: string): ChangedRange {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before.charCodeAt(head) === after.charCodeAt(head)) head++;
  let tail = 0;
  while (tail < shorter - head && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  return { fromA: head, toA: before.length - tail, fromB: head, toB: after.length - tail };
}

function hasErrorNode(tree: Tree): boolean {
  let found = false;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) found = true;
      return !found;
    },
  });
  return found;
}

/**
 * The places where the grammar had to recover. It does not know a bare `yield` nor a float without decimals (`20.`);
 * both are Python, and no error here. Python 2's `print x` it knows, which is one.
 */
function errorsOf(tree: Tree, text: string): Span[] {
  const errors: Span[] = [];
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) {
        const parent = node.node.parent;
        const bareYield = parent && /^Yield/.test(parent.name) && node.from === node.to;
        const bareFloat =
          parent?.name === 'MemberExpression' && /^[\d_]+\.(?:[eE][+-]?\d+)?[jJ]?$/.test(text.slice(parent.from, node.to).trim());
        if (!bareYield && !bareFloat) errors.push({ from: node.from, to: node.to });
      } else if (node.name === 'PrintStatement') {
        errors.push({ from: node.from, to: node.to });
      }
    },
  });
  return [...errors, ...unexpectedIndents(tree, text)];
}

/** Statements further in than the one before them, which opens no block: the grammar takes them for others of the module. */
function unexpectedIndents(tree: Tree, text: string): Span[] {
  const found: Span[] = [];
  for (let child = tree.topNode.firstChild?.nextSibling; child; child = child.nextSibling) {
    let start = child.from;
    while (/[ \t]/.test(text.charAt(start - 1))) start--;
    const indented = start < child.from && /[\r\n]/.test(text.charAt(start - 1));
    if (indented && child.name !== 'Comment') found.push({ from: child.from, to: child.from });
  }
  return found;
}
