import * as vscode from 'vscode';
import { memoryFiles } from './memory-files.ts';

/** The extension that is in every window under test beside ours: it brings what a test needs of an editor's outside. */
export function activate({ subscriptions }: vscode.ExtensionContext): void {
  subscriptions.push(vscode.workspace.registerFileSystemProvider('memory', memoryFiles, { isReadonly: true }));
}
