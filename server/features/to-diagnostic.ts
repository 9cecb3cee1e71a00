import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver-types';
import { Lines } from '../parse/text/lines.ts';
import type { Subject } from './diagnose.ts';
import type { Finding, Severity } from './rules/rule.ts';

/** What a rule's severity becomes by the user's setting; `off` is dropped by the caller. */
export type SeverityOverrides = Readonly<Record<string, Severity | 'hint' | 'off'>>;

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

/** The name that editors show beside a diagnostic. */
export const diagnosticSource = 'spell';

/** A finding as the protocol has it. `page` makes the link to its documentation. */
export function toDiagnostic(
  subject: Subject,
  finding: Finding,
  page: (code: string) => string,
  overrides: SeverityOverrides,
): Diagnostic | undefined {
  const severity = overrides[finding.code] ?? finding.severity;
  if (severity === 'off') return undefined;
  const { world } = subject;
  const related = finding.related?.flatMap((each) => {
    const text = each.path === subject.path ? subject.text : world.project.view.text(each.path);
    return typeof text === 'string'
      ? [{ location: { uri: world.uri(each.path), range: new Lines(text).range(each.span) }, message: each.message }]
      : [];
  });
  return {
    range: subject.lines.range(finding.span),
    severity: severities[severity],
    code: finding.code,
    codeDescription: { href: page(finding.code) },
    source: diagnosticSource,
    message: finding.message,
    ...(related && related.length > 0 ? { relatedInformation: related } : {}),
    ...(finding.code === 'unused-suppression' ? { tags: [DiagnosticTag.Unnecessary] } : {}),
  };
}
