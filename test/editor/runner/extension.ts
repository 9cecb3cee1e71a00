import * as vscode from 'vscode';
import { answerInvocations } from './invoke.ts';
import { memoryFiles } from './memory-files.ts';

/** The extension that is in every window under test beside ours: it brings what a test needs of an editor's outside. */
export function activate({ subscriptions }: vscode.ExtensionContext): void {
  subscriptions.push(vscode.workspace.registerFileSystemProvider('memory', memoryFiles, { isReadonly: true }));
  const file = process.env.TEST_EDITOR_INVOKE;
  if (file) subscriptions.push(answerInvocations(file));
}
