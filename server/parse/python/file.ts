import type { Tree } from '@lezer/common';
import { Lines } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import type { ClassDefinition, Statement } from './ast.ts';
import { layoutOf } from './layout.ts';
import { ChunkSource, childrenOf } from './lower/source.ts';
import { statements } from './lower/statements.ts';
import { type Chunk, parseChunks } from './trees.ts';

/** A Python text, parsed. Parsing never fails; what was not understood is in `problems`. */
export interface PythonFile {
  readonly text: string;
  readonly lines: Lines;
  /** The top-level statements. Each is turned into plain data when it is first looked at. */
  readonly units: readonly Unit[];
  readonly comments: readonly Span[];
  /** Where the text is no Python, in order. */
  readonly problems: readonly Span[];
  readonly chunks: readonly Chunk[];
}

/** A top-level statement, or several that semicolons part. */
export interface Unit extends Span {
  readonly statements: readonly Statement[];
  /** The one function or class that it is, known without turning it into statements. */
  readonly defines?: {
    readonly kind: 'function' | 'class';
    readonly name: string /** It is a class with something in its parentheses. */;
    readonly derives: boolean;
  };
}

/**
 * Parses a text. With the former version of the same document only what changed is parsed; the result is the same as
 * without it.
 */
export function parsePython(text: string, former?: PythonFile, lines: Lines = new Lines(text)): PythonFile {
  const layout = layoutOf(text);
  const chunks = parseChunks(text, layout.chunks, former?.chunks);
  const kept = new Map(former?.units.map((unit, index) => [former.chunks[index]?.tree, unit]));
  const units = chunks.map((chunk): Unit => {
    const same = kept.get(chunk.tree);
    return same && same.from === chunk.from ? same : unitOf(chunk);
  });
  const errors = chunks.flatMap((chunk) => chunk.errors.map(({ from, to }) => ({ from: chunk.from + from, to: chunk.from + to })));
  const problems = [...errors, ...layout.broken].sort((a, b) => a.from - b.from || a.to - b.to);
  return { text, lines, units, comments: layout.comments, problems, chunks };
}

/** Its own function, so that what a unit remembers is its chunk and not the whole former file. */
function unitOf(chunk: Chunk): Unit {
  let lowered: readonly Statement[] | undefined;
  const defines = definitionIn(chunk);
  return {
    from: chunk.from,
    to: chunk.to,
    ...(defines ? { defines } : {}),
    get statements() {
      lowered ??= statements(new ChunkSource(chunk.text, chunk.from), chunk.tree.topNode);
      return lowered;
    },
  };
}

const definitions = new WeakMap<Tree, Unit['defines']>();

function definitionIn(chunk: Chunk): Unit['defines'] {
  if (definitions.has(chunk.tree)) return definitions.get(chunk.tree);
  let found: Unit['defines'];
  const nodes = childrenOf(chunk.tree.topNode);
  const [first] = nodes;
  if (nodes.length === 1 && first) {
    const definition = first.name === 'DecoratedStatement' ? first.lastChild : first;
    const name = definition?.getChild('VariableName');
    const kind = definition?.name === 'FunctionDefinition' ? 'function' : definition?.name === 'ClassDefinition' ? 'class' : undefined;
    if (kind && name)
      found = { kind, name: chunk.text.slice(name.from, name.to), derives: kind === 'class' && definition?.getChild('ArgList') !== null };
  }
  definitions.set(chunk.tree, found);
  return found;
}

/** The whole module's statements in order. */
export function statementsOf(file: PythonFile): Statement[] {
  return file.units.flatMap((unit) => unit.statements);
}

/** Whether recovery may have hidden a part of a class: something is no Python before the next statement of the module. */
export function isWhole(file: PythonFile, definition: ClassDefinition): boolean {
  const [first] = file.problems;
  // The class itself may seem to end where it was broken.
  const unit = file.units.find((each) => each.from <= definition.from && definition.from < each.to);
  return first === undefined || first.from > (unit ?? definition).to;
}
