import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as vscode from 'vscode';
import { documentSelector } from './documents.ts';

function folder(scheme: string): vscode.WorkspaceFolder {
  return { uri: { scheme } as vscode.Uri, name: 'x', index: 0 };
}

test('files and drafts are read in every window, and what the folders of this one hold', () => {
  const schemes = (folders?: vscode.WorkspaceFolder[]): string[] => [...new Set(documentSelector(folders).map(({ scheme }) => scheme))];
  assert.deepEqual(schemes(), ['file', 'untitled']);
  assert.deepEqual(schemes([folder('file')]), ['file', 'untitled']);
  assert.deepEqual(schemes([folder('vscode-vfs')]), ['file', 'untitled', 'vscode-vfs']);
});
