import { type DocumentSymbol, type FoldingRange, SymbolKind } from 'vscode-languageserver-types';
import { textOf } from '../parse/yaml/spell-yaml.ts';
import type { YamlEntry } from '../parse/yaml/yaml.ts';
import type { Subject } from './diagnose.ts';
import { SpellYamlFile } from './subjects/spell-yaml-file.ts';

/** The model servers of a `spell.yaml` and their settings. */
export function documentSymbols(subject: Subject): DocumentSymbol[] {
  if (!(subject instanceof SpellYamlFile)) return [];
  const { lines } = subject;
  return subject.servers.flatMap((server, index) => {
    const children = server.map.entries.map((entry) => symbolOf(subject, entry));
    const [first] = server.map.entries;
    const last = server.map.entries.at(-1);
    if (!first || !last) return [];
    const range = lines.range({ from: first.from, to: endOf(subject, last) });
    const name = textOf(server, 'server-name') ?? textOf(server, 'model') ?? `server ${index + 1}`;
    return [{ name: name || `server ${index + 1}`, kind: SymbolKind.Module, range, selectionRange: lines.range(first.keySpan), children }];
  });
}

function symbolOf(subject: SpellYamlFile, entry: YamlEntry): DocumentSymbol {
  const { lines } = subject;
  const detail = entry.value.kind === 'scalar' ? entry.value.source : '';
  return {
    name: entry.key || '?',
    detail: detail.length > 60 ? `${detail.slice(0, 60)}…` : detail,
    kind: entry.value.kind === 'map' ? SymbolKind.Object : entry.value.kind === 'list' ? SymbolKind.Array : SymbolKind.Property,
    range: lines.range({ from: entry.from, to: Math.max(entry.keySpan.to, endOf(subject, entry)) }),
    selectionRange: lines.range(entry.keySpan),
    ...(entry.value.kind === 'map' ? { children: entry.value.entries.map((each) => symbolOf(subject, each)) } : {}),
  };
}

/** Folds whole model servers, and the lists and mappings in them. */
export function foldingRanges(subject: Subject): FoldingRange[] {
  if (!(subject instanceof SpellYamlFile)) return [];
  const { lines } = subject;
  const ranges: FoldingRange[] = [];
  const add = (from: number, to: number): void => {
    const [startLine, endLine] = [lines.lineAt(from), lines.lineAt(to)];
    if (endLine > startLine) ranges.push({ startLine, endLine });
  };
  const visit = (entry: YamlEntry): void => {
    if (entry.value.kind === 'scalar') return;
    add(entry.from, endOf(subject, entry));
    if (entry.value.kind === 'map') for (const inner of entry.value.entries) visit(inner);
  };
  for (const server of subject.servers) {
    const [first] = server.map.entries;
    const last = server.map.entries.at(-1);
    if (first && last && subject.servers.length > 1) add(first.from, endOf(subject, last));
    for (const entry of server.map.entries) visit(entry);
  }
  return ranges;
}

/** The end of an entry without the blank lines and the line break that block values count in. */
function endOf(subject: SpellYamlFile, entry: YamlEntry): number {
  let { to } = entry;
  while (to > entry.keySpan.to && /\s/.test(subject.text[to - 1] ?? '')) to--;
  return to;
}
