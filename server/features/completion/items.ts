import { type CompletionItem, type CompletionItemKind, InsertTextFormat, type TextEdit } from 'vscode-languageserver-types';
import type { Span } from '../../parse/text/span.ts';
import type { Subject } from '../diagnose.ts';
import type { Edit } from '../rules/rule.ts';

/** One thing to insert. */
export interface Choice {
  readonly label: string;
  readonly kind: CompletionItemKind;
  /** What is inserted, where it is not the label: with `${1:…}` when the client takes snippets. */
  readonly text?: string;
  readonly detail?: string;
  readonly documentation?: string;
  /** Edits elsewhere in the file, such as an import. */
  readonly alongside?: readonly Edit[];
  readonly sort?: string;
}

/** A choice as the protocol has it, replacing a span of the file. */
export function toItem(subject: Subject, span: Span, choice: Choice, snippets: boolean): CompletionItem {
  const written = choice.text ?? choice.label;
  const snippet = /\$[{\d]/.test(written);
  const newText = snippet && !snippets ? written.replace(/\$\{\d+:([^}]*)\}/g, '$1').replace(/\$\d+/g, '') : written;
  const additional = choice.alongside?.map((edit): TextEdit => ({ range: subject.lines.range(edit.span), newText: edit.text }));
  return {
    label: choice.label,
    kind: choice.kind,
    textEdit: { range: subject.lines.range(span), newText },
    ...(snippet && snippets ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    ...(choice.detail === undefined ? {} : { detail: choice.detail }),
    ...(choice.documentation === undefined ? {} : { documentation: { kind: 'markdown', value: choice.documentation } }),
    ...(choice.sort === undefined ? {} : { sortText: choice.sort }),
    ...(additional && additional.length > 0 ? { additionalTextEdits: additional } : {}),
  };
}
