import type { CreateFile, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { Lines } from '../../parse/text/lines.ts';
import type { Fix } from '../rules/rule.ts';
import type { World } from '../world/world.ts';

/** What the client can do with an edit. */
export interface EditSupport {
  /** It takes versions, and files to make. Without, a fix that makes a file is not offered. */
  readonly documentChanges: boolean;
  /** The version of an open document; null for a file that is not open. */
  version(path: string): number | null;
}

/** A fix as the protocol has it. Undefined when the client cannot apply it, or a file has not been read. */
export function toWorkspaceEdit(world: World, fix: Pick<Fix, 'edits' | 'creates'>, support: EditSupport): WorkspaceEdit | undefined {
  const creates = fix.creates ?? [];
  if (creates.length > 0 && !support.documentChanges) return undefined;
  const byPath = new Map<string, TextEdit[]>();
  for (const edit of fix.edits) {
    const text = world.project.view.text(edit.path);
    if (typeof text !== 'string') return undefined;
    const range = new Lines(text).range(edit.span);
    byPath.set(edit.path, [...(byPath.get(edit.path) ?? []), { range, newText: edit.text }]);
  }
  if (!support.documentChanges) return { changes: Object.fromEntries([...byPath].map(([path, edits]) => [world.uri(path), edits])) };
  const start = { line: 0, character: 0 };
  const made = creates.flatMap(({ path, text }): (CreateFile | TextDocumentEdit)[] => [
    { kind: 'create', uri: world.uri(path), options: { ignoreIfExists: true } },
    { textDocument: { uri: world.uri(path), version: null }, edits: [{ range: { start, end: start }, newText: text }] },
  ]);
  const changed = [...byPath].map(
    ([path, edits]): TextDocumentEdit => ({ textDocument: { uri: world.uri(path), version: support.version(path) }, edits }),
  );
  return { documentChanges: [...made, ...changed] };
}
