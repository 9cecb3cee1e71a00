import type { Edit, Fix } from '../features/rules/rule.ts';
import { exampleRoot } from './memory-world.ts';

/** The files after a fix. Throws when its edits overlap, or lie outside their file. */
export function applyFix(files: Readonly<Record<string, string>>, fix: Fix): Record<string, string> {
  const result = { ...files };
  for (const { path, text } of fix.creates ?? []) result[nameIn(path)] = text;
  const byFile = Map.groupBy(fix.edits, (edit) => nameIn(edit.path));
  for (const [name, edits] of byFile) {
    const text = result[name];
    if (text === undefined) throw new Error(`an edit of ${name}, which does not exist`);
    result[name] = applyEdits(text, edits);
  }
  return result;
}

function nameIn(path: string): string {
  return path.slice(exampleRoot.length + 1);
}

/** A text after edits that do not overlap. Insertions at one place keep their order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = edits
    .map((edit, index) => ({ ...edit, index }))
    .sort((a, b) => a.span.from - b.span.from || a.span.to - b.span.to || a.index - b.index);
  let result = '';
  let at = 0;
  for (const { span, text: inserted } of sorted) {
    if (span.from < at) throw new Error(`edits overlap at ${span.from}`);
    if (span.to > text.length) throw new Error(`an edit ends at ${span.to}, beyond the text's ${text.length}`);
    result += text.slice(at, span.from) + inserted;
    at = span.to;
  }
  return result + text.slice(at);
}
