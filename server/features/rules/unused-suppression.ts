import type { Subject } from '../diagnose.ts';
import type { Suppression } from '../suppressions.ts';
import { ruleOf } from './all-rules.ts';
import type { Report } from './rule.ts';

/**
 * The notice about a comment that silences nothing; its fix removes the comment with the blanks before it. Undefined
 * when one of its rules might have spoken, had more been known than the files say.
 */
export function unusedSuppression(subject: Subject, suppression: Suppression): Report | undefined {
  const { text, path } = subject;
  const codes = suppression.codes.map((each) => each.code);
  if (codes.some((code) => ruleOf(code)?.dependsOnContext)) return undefined;
  const unknown = codes.find((code) => !ruleOf(code));
  let { from } = suppression.span;
  while (from > 0 && /[ \t]/.test(text[from - 1] ?? '')) from--;
  return {
    span: suppression.span,
    message:
      unknown !== undefined
        ? `there is no rule called ${unknown}`
        : codes.length === 0
          ? 'nothing is reported on this line that could be ignored'
          : `nothing called ${codes.join(', ')} is reported on this line`,
    fixes: () => [{ title: 'Remove the comment', preferred: true, edits: [{ path, span: { from, to: suppression.span.to }, text: '' }] }],
  };
}
