import { parentOf, relativePath } from '../../parse/project/paths.ts';
import type { Lines } from '../../parse/text/lines.ts';
import type { ServerDocument, SpellYaml } from '../../parse/yaml/spell-yaml.ts';
import { isEmpty, type YamlEntry, type YamlMap } from '../../parse/yaml/yaml.ts';
import type { Edit } from '../rules/rule.ts';

/** A text as YAML writes it on one line: plain where that reads back as the same text. */
export function yamlText(text: string): string {
  const plain = /^[A-Za-z_./][\w./@+=,~ -]*$/.test(text) && !/^(?:true|false|yes|no|on|off|null|~)$/i.test(text) && !text.endsWith(' ');
  return plain ? text : JSON.stringify(text);
}

/** Sets a key of a model server: replaces its value, or adds a line. */
export function setKey(file: SpellYaml, server: ServerDocument, key: string, value: string): Edit {
  const entry = server.entries.get(key);
  if (entry) return replaceValue(file.path, file.yaml.text, entry, value);
  return addKey(file.path, file.yaml.text, file.yaml.lines, server.map, key, value);
}

/** Replaces what stands behind a key. */
export function replaceValue(path: string, text: string, entry: YamlEntry, value: string): Edit {
  if (isEmpty(entry.value)) {
    // While it is typed even the colon may be missing.
    const colon = /^[ \t]*:/.exec(text.slice(entry.keySpan.to))?.[0].length ?? 0;
    return { path, span: { from: entry.keySpan.to, to: entry.keySpan.to + colon }, text: `: ${value}` };
  }
  return { path, span: { from: entry.value.from, to: endOf(entry) }, text: value };
}

/** Adds `key: value` behind the last entry of a mapping. */
export function addKey(path: string, text: string, lines: Lines, map: YamlMap, key: string, value: string): Edit {
  const last = map.entries.at(-1);
  if (map.flow) {
    const at = last ? endOf(last) : map.from + 1;
    return { path, span: { from: at, to: at }, text: last ? `, ${key}: ${value}` : `${key}: ${value}` };
  }
  if (!last) return { path, span: { from: map.to, to: map.to }, text: `${key}: ${value}${lines.newline}` };
  const indent = lines.indentAt(last.from);
  const at = lines.end(lines.lineAt(endOf(last)));
  const column = text.slice(lines.start(lines.lineAt(last.from)), last.from);
  // The first key of a mapping in a list stands behind its dash.
  const pad = /^[ \t]*$/.test(column) ? indent : ' '.repeat(column.length);
  return { path, span: { from: at, to: at }, text: `${lines.newline}${pad}${key}: ${value}` };
}

/** Adds an item to a list (or a text that is to become one) of a model server. */
export function addItem(file: SpellYaml, server: ServerDocument, key: string, item: string): Edit {
  const entry = server.entries.get(key);
  const { newline } = file.yaml.lines;
  if (!entry) return setKey(file, server, key, `[${item}]`);
  const { value } = entry;
  if (value.kind === 'list') {
    const last = value.items.at(-1);
    if (value.flow) {
      const at = last?.to ?? value.from + 1;
      return { path: file.path, span: { from: at, to: at }, text: last ? `, ${item}` : item };
    }
    const line = file.yaml.lines.start(file.yaml.lines.lineAt(value.from));
    const indent = /^[ \t]*/.exec(file.yaml.text.slice(line))?.[0] ?? '';
    const at = file.yaml.lines.end(file.yaml.lines.lineAt(last?.to ?? value.to));
    return { path: file.path, span: { from: at, to: at }, text: `${newline}${indent}- ${item}` };
  }
  if (isEmpty(value)) return replaceValue(file.path, file.yaml.text, entry, `[${item}]`);
  const written = file.yaml.text.slice(value.from, value.to);
  return { path: file.path, span: { from: value.from, to: value.to }, text: `[${written}, ${item}]` };
}

/** Removes an entry with its lines. */
export function removeEntry(path: string, text: string, lines: Lines, entry: YamlEntry): Edit {
  const from = lines.start(lines.lineAt(entry.from));
  const alone = /^[ \t]*$/.test(text.slice(from, entry.from));
  const to = lines.start(lines.lineAt(endOf(entry)) + 1);
  return { path, span: alone ? { from, to } : { from: entry.from, to: endOf(entry) }, text: '' };
}

/** The end of an entry's value without the line break that block values count in. */
function endOf(entry: YamlEntry): number {
  if (entry.value.kind === 'scalar' || entry.value.flow) return entry.to;
  const inner = entry.value.kind === 'map' ? entry.value.entries.at(-1) : entry.value.items.at(-1);
  if (!inner) return entry.to;
  return 'key' in inner ? endOf(inner) : Math.min(inner.to, entry.to);
}

/** How a file is written in a `spell.yaml` beside it. */
export function pathInYaml(file: { readonly path: string }, path: string): string {
  return yamlText(relativePath(parentOf(file.path), path));
}
