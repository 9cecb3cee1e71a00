import { basename } from 'node:path';
import * as vscode from 'vscode';
import { answerInvocations } from './invoke.ts';
import { memoryFiles } from './memory-files.ts';

/** The extension that is in every window under test beside ours: it brings what a test needs of an editor's outside. */
export function activate({ subscriptions }: vscode.ExtensionContext): void {
  subscriptions.push(vscode.workspace.registerFileSystemProvider('memory', memoryFiles, { isReadonly: true }));
  const file = process.env.TEST_EDITOR_INVOKE;
  // Several windows have one environment, and are told apart by their folders.
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.path ?? '';
  if (file) subscriptions.push(answerInvocations(`${file}.${basename(folder)}`));
}
