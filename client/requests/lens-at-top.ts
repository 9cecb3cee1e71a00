import type * as vscode from 'vscode';
import type { CommandId, CommandTarget } from '../contributions.ts';

/** A code lens above a document's first line. Its command gets one target: a second argument would be a program's options. */
export function lensAtTop<K extends CommandId>(
  { CodeLens, Range }: Pick<typeof vscode, 'CodeLens' | 'Range'>,
  command: K,
  title: string,
  target: CommandTarget<K>,
): vscode.CodeLens {
  return new CodeLens(new Range(0, 0, 0, 0), { command, title, arguments: [target] });
}
