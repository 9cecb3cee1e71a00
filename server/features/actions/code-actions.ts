import { type CodeAction, CodeActionKind, type Diagnostic, type Range } from 'vscode-languageserver-types';
import { overlaps } from '../../parse/text/span.ts';
import { diagnose, type Subject } from '../diagnose.ts';
import type { Finding, Fix } from '../rules/rule.ts';
import { fixAll } from './fix-all.ts';
import { refactorings } from './refactorings.ts';
import { judgeFor } from './soundness.ts';
import { suppress } from './suppress.ts';
import { type EditSupport, toWorkspaceEdit } from './workspace-edit.ts';

/** The kind of "fix all" for `editor.codeActionsOnSave`. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.spell`;

/** What a client asks for: a place, the diagnostics it shows there, and which kinds of actions it wants (all, without). */
export interface ActionRequest {
  readonly range: Range;
  readonly diagnostics: readonly Diagnostic[];
  readonly only: readonly string[] | undefined;
}

/** The fixes, suppressions and refactorings for a place. A fix that would only move the trouble is not offered. */
export function codeActions(subject: Subject, request: ActionRequest, support: EditSupport): CodeAction[] {
  const wants = (kind: string): boolean =>
    request.only === undefined || request.only.some((only) => kind === only || kind.startsWith(`${only}.`) || only === '');
  const { lines } = subject;
  const span = { from: lines.offsetAt(request.range.start), to: lines.offsetAt(request.range.end) };
  const findings = wants(CodeActionKind.QuickFix) || wants(fixAllKind) ? diagnose(subject) : [];
  const isSound = judgeFor(subject);
  const actions: CodeAction[] = [];
  const add = (fix: Fix, kind: string, finding?: Finding): void => {
    const edit = toWorkspaceEdit(subject.world, fix, support);
    if (!edit) return;
    const diagnostics = finding
      ? request.diagnostics.filter((each) => each.code === finding.code && sameStart(each, subject, finding))
      : [];
    actions.push({
      title: fix.title,
      kind,
      edit,
      ...(diagnostics.length > 0 ? { diagnostics } : {}),
      ...(fix.preferred ? { isPreferred: true } : {}),
    });
  };
  if (wants(CodeActionKind.QuickFix)) {
    const here = findings.filter((finding) => overlaps(finding.span, span));
    const offer = (fix: Fix, finding: Finding): void => {
      if (isSound(fix, [finding])) add(fix, CodeActionKind.QuickFix, finding);
    };
    for (const finding of here) for (const fix of finding.fixes?.() ?? []) offer(fix, finding);
    for (const finding of here) {
      const fix = suppress(subject, finding);
      if (fix) offer(fix, finding);
    }
  }
  if (wants(fixAllKind)) {
    const fix = fixAll(subject.path, findings, isSound);
    if (fix) add(fix, fixAllKind);
  }
  for (const { kind, fix } of wants(CodeActionKind.Refactor) || wants(CodeActionKind.Source) ? refactorings(subject, span) : [])
    if (wants(kind)) add(fix, kind);
  return actions;
}

function sameStart(diagnostic: Diagnostic, subject: Subject, finding: Finding): boolean {
  const { start } = subject.lines.range(finding.span);
  return diagnostic.range.start.line === start.line && diagnostic.range.start.character === start.character;
}
