import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments } from 'yaml';
import { Lines } from '../text/lines.ts';
import type { Span } from '../text/span.ts';

/** A value of a YAML (or JSON) text, as plain data with its place. */
export type YamlValue = YamlScalar | YamlList | YamlMap;

export interface YamlScalar extends Span {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | bigint | null;
  /** As it is written, quotes taken off: `3.10` stays `3.10`. Empty for a missing value. */
  readonly source: string;
  readonly quoted: boolean;
}

export interface YamlList extends Span {
  readonly kind: 'list';
  readonly items: readonly YamlValue[];
  /** Written with brackets. */
  readonly flow: boolean;
}

export interface YamlMap extends Span {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  /** Written with braces. */
  readonly flow: boolean;
}

export interface YamlEntry extends Span {
  /** As it is written; keys that are no texts are shown as such. */
  readonly key: string;
  readonly keySpan: Span;
  readonly quotedKey: boolean;
  readonly value: YamlValue;
}

/** One document of a text. */
export interface YamlDocument extends Span {
  /** Undefined for an empty one. */
  readonly value?: YamlValue;
}

export interface YamlFile {
  readonly text: string;
  readonly lines: Lines;
  readonly documents: readonly YamlDocument[];
  /** Where the text is no YAML. */
  readonly problems: readonly (Span & { readonly message: string })[];
}

/** Values are followed this deep, through aliases too; a text can nest them without end. */
const deepest = 100;
/** So many values of one text are made; aliases of aliases can ask for more than there is memory. */
const mostValues = 100_000;

interface Reading {
  readonly document: Document;
  made: number;
}

/** Parses a text with all its documents. Never fails; what is wrong is in `problems`. */
export function parseYaml(text: string): YamlFile {
  // A byte order mark is the same length as a space, so offsets stay.
  const clean = text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text;
  const options = { prettyErrors: false, uniqueKeys: false, keepSourceTokens: false } as const;
  const documents = [...parseAllDocuments(clean, options)] as Document.Parsed[];
  return {
    text,
    lines: new Lines(text),
    documents: documents.map((document): YamlDocument => {
      const [from, , to] = document.range;
      const value = document.contents && toValue(document.contents, { document, made: 0 }, from, 0);
      return { from, to, ...(value ? { value } : {}) };
    }),
    problems: documents.flatMap((document) =>
      document.errors.map((error) => ({ from: error.pos[0], to: Math.max(error.pos[1], error.pos[0]), message: error.message })),
    ),
  };
}

function toValue(node: Node, reading: Reading, at: number, depth: number): YamlValue {
  const [from, to] = node.range ?? [at, at];
  if (depth > deepest || ++reading.made > mostValues) return { kind: 'scalar', value: null, source: '', quoted: false, from, to };
  if (isMap(node)) {
    return {
      kind: 'map',
      entries: node.items.map((pair) => toEntry(pair as Pair<Node, Node | null>, reading, to, depth)),
      flow: node.flow === true,
      from,
      to,
    };
  }
  if (isSeq(node))
    return {
      kind: 'list',
      items: node.items.map((item) => toValue(item as Node, reading, from, depth + 1)),
      flow: node.flow === true,
      from,
      to,
    };
  if (isAlias(node)) {
    const target = node.resolve(reading.document);
    const value = target && toValue(target, reading, from, depth + 1);
    return value ? { ...value, from, to } : { kind: 'scalar', value: null, source: '', quoted: false, from, to };
  }
  if (!isScalar(node)) return { kind: 'scalar', value: null, source: '', quoted: false, from, to };
  const { value } = node;
  const plain =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? value : null;
  return {
    kind: 'scalar',
    value: plain,
    source: node.source ?? (plain === null ? '' : String(plain)),
    quoted: /^["'|>]/.test(quoteOf(node.type)),
    from,
    to,
  };
}

function quoteOf(type: string | null | undefined): string {
  return type === 'QUOTE_DOUBLE'
    ? '"'
    : type === 'QUOTE_SINGLE'
      ? "'"
      : type === 'BLOCK_LITERAL'
        ? '|'
        : type === 'BLOCK_FOLDED'
          ? '>'
          : '';
}

function toEntry(pair: Pair<Node, Node | null>, reading: Reading, end: number, depth: number): YamlEntry {
  const [from, keyTo] = pair.key?.range ?? [end, end];
  const key = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : '';
  const value: YamlValue = pair.value
    ? toValue(pair.value, reading, keyTo, depth + 1)
    : { kind: 'scalar', value: null, source: '', quoted: false, from: keyTo, to: keyTo };
  const quotedKey = isScalar(pair.key) && quoteOf(pair.key.type) !== '';
  return { key, keySpan: { from, to: keyTo }, quotedKey, value, from, to: Math.max(keyTo, value.to) };
}

/** The value as plain JavaScript, as a program would load it. */
export function plain(value: YamlValue): unknown {
  if (value.kind === 'scalar') return value.value;
  if (value.kind === 'list') return value.items.map(plain);
  return Object.fromEntries(value.entries.map((entry) => [entry.key, plain(entry.value)]));
}

/** Whether nothing stands behind a key. */
export function isEmpty(value: YamlValue): boolean {
  return value.kind === 'scalar' && value.value === null && value.source === '';
}
