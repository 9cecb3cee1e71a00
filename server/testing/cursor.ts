import type { Position } from 'vscode-languageserver-types';
import { type Subject, subjectAt } from '../features/diagnose.ts';
import type { Told } from '../features/rules/rule.ts';
import { Lines } from '../parse/text/lines.ts';
import { exampleRoot, memoryWorld } from './memory-world.ts';

/** A subject with a cursor: the `|` in one of the files, which is taken out. Texts that need a `|` write it as `¦`. */
export function withCursor(
  files: Readonly<Record<string, string>>,
  told: Told = {},
): { subject: Subject; position: Position; files: Record<string, string> } {
  const [name, marked] = Object.entries(files).find(([, text]) => text.includes('|')) ?? [];
  if (name === undefined || marked === undefined) throw new Error('no file has a cursor');
  const offset = marked.indexOf('|');
  const texts = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace('|', '').replaceAll('¦', '|')]));
  const world = memoryWorld(texts, told);
  const subject = subjectAt(world, `${exampleRoot}/${name}`);
  if (!subject) throw new Error(`${name} is nothing that rules speak about`);
  return { subject, position: new Lines(texts[name] ?? '').positionAt(offset), files: texts };
}
