import * as vscode from 'vscode';

const folder = new Set(['/', '/project']);

const files = new Map<string, Uint8Array>([
  [
    '/project/predictor.py',
    Buffer.from(
      'from spell.serving import BasePredictor\n\n\n' +
        'class Predictor(BasePredictor):\n    def predict(self, payload):\n        return {"a": {1, 2}}\n',
    ),
  ],
]);

/** Two folders and a file that are nowhere but here. Nothing can be written: an editor's buffer is enough for the tests. */
export const memoryFiles: vscode.FileSystemProvider = {
  onDidChangeFile: () => ({ dispose: () => {} }),
  watch: () => ({ dispose: () => {} }),
  stat: ({ path }) => {
    if (folder.has(path)) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: contentOf(path).length };
  },
  readDirectory: ({ path }) => (path === '/' ? [['project', vscode.FileType.Directory]] : [['predictor.py', vscode.FileType.File]]),
  readFile: ({ path }) => contentOf(path),
  writeFile: refuse,
  createDirectory: refuse,
  delete: refuse,
  rename: refuse,
};

function contentOf(path: string): Uint8Array {
  const content = files.get(path);
  if (content === undefined) throw vscode.FileSystemError.FileNotFound(path);
  return content;
}

function refuse(uri: vscode.Uri): never {
  throw vscode.FileSystemError.NoPermissions(uri);
}
