import type { Suppression } from '../suppressions.ts';
import type { Report } from './rule.ts';

/** The notice about a comment that silences nothing; its fix removes the comment with the blanks before it. */
export function unusedSuppression(path: string, text: string, suppression: Suppression): Report {
  const codes = suppression.codes.map((each) => each.code).join(', ');
  let { from } = suppression.span;
  while (from > 0 && /[ \t]/.test(text[from - 1] ?? '')) from--;
  return {
    span: suppression.span,
    message: codes === '' ? 'nothing is reported on this line that could be ignored' : `nothing called ${codes} is reported on this line`,
    fixes: () => [{ title: 'Remove the comment', preferred: true, edits: [{ path, span: { from, to: suppression.span.to }, text: '' }] }],
  };
}
