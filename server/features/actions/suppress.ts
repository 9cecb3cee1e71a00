import type { Subject } from '../diagnose.ts';
import type { Finding, Fix } from '../rules/rule.ts';
import { PredictorFile } from '../subjects/predictor-file.ts';
import { lastLine, suppressionsOf, yamlSuppressions } from '../suppressions.ts';

/** Writes `# spell: ignore[code]` at the end of a finding's line, or into the comment that stands there. JSON has no comments. */
export function suppress(subject: Subject, finding: Finding): Fix | undefined {
  if (subject.path.endsWith('.json') || finding.code === 'unused-suppression') return undefined;
  const { lines, text, path } = subject;
  const line = lastLine(text, lines, finding.span);
  const title = `Ignore ${finding.code} on this line`;
  const existing = (subject instanceof PredictorFile ? suppressionsOf(subject.file) : yamlSuppressions(text, lines)).find(
    (each) => each.line === line,
  );
  const last = existing?.codes.at(-1);
  if (last) return { title, edits: [{ path, span: { from: last.span.to, to: last.span.to }, text: `, ${finding.code}` }] };
  const end = lines.end(line);
  const content = text.slice(lines.start(line), end);
  // A comment cannot stand behind a backslash, nor inside a text of several lines.
  if (/\\\s*$/.test(content) || insideText(subject, end)) return undefined;
  const gap = /[ \t]$/.test(content) ? ' ' : '  ';
  return { title, edits: [{ path, span: { from: end, to: end }, text: `${gap}# spell: ignore[${finding.code}]` }] };
}

function insideText(subject: Subject, offset: number): boolean {
  if (!(subject instanceof PredictorFile)) return false;
  const chunk = subject.file.chunks.find((each) => each.from <= offset && offset < each.to);
  const node = chunk?.tree.resolveInner(offset - chunk.from, 1);
  return node?.name === 'String' || node?.name === 'FormatString' || node?.name === 'Escape';
}
