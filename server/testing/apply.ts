import { applyEdits } from '../features/edits/apply-edits.ts';
import type { Fix } from '../features/rules/rule.ts';
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
