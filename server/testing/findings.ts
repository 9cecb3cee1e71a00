import { diagnose, subjectAt } from '../features/diagnose.ts';
import type { Finding, Told } from '../features/rules/rule.ts';
import { Lines } from '../parse/text/lines.ts';
import { exampleRoot, memoryWorld } from './memory-world.ts';

/** A finding with the file that it was made in, below the example's root. */
export type PlacedFinding = Finding & { readonly file: string };

/** All that the rules say about some files. Throws for a span outside its file. */
export function findingsIn(files: Readonly<Record<string, string>>, told: Told & { entrypoint?: string } = {}): PlacedFinding[] {
  const world = memoryWorld(files, told);
  return Object.entries(files).flatMap(([file, text]) => {
    const subject = subjectAt(world, `${exampleRoot}/${file}`);
    if (!subject) return [];
    return diagnose(subject).map((finding) => {
      if (finding.span.from < 0 || finding.span.to < finding.span.from || finding.span.to > text.length)
        throw new Error(`${finding.code} in ${file} spans ${finding.span.from} to ${finding.span.to} of ${text.length}`);
      return { ...finding, file };
    });
  });
}

/** A finding in one line, for comparing and showing: `predictor.py:3:9 error predict-missing …`. */
export function shown(finding: PlacedFinding, files: Readonly<Record<string, string>>): string {
  const { line, character } = new Lines(files[finding.file] ?? '').positionAt(finding.span.from);
  return `${finding.file}:${line + 1}:${character + 1} ${finding.severity} ${finding.code} ${finding.message}`;
}
