import type * as vscode from 'vscode';
import { beginsPredictor, isConcerned, type Surroundings } from './concerns.ts';
import { documentSelector } from './documents.ts';

/** Calls `start` once, for the first document that the language server is about: one that is open, opened or saved later, or made such by what is typed. */
export function onFirstDocument(code: typeof vscode, start: () => void): vscode.Disposable {
  const { languages, workspace } = code;
  const found = (): void => {
    watching.dispose();
    start();
  };
  const matches = (document: vscode.TextDocument): boolean => languages.match(documentSelector(workspace.workspaceFolders), document) > 0;
  const look = async (document: vscode.TextDocument): Promise<void> => {
    if (matches(document) && (await isConcerned(document, surroundingsIn(code)))) found();
  };
  const subscriptions = [
    workspace.onDidOpenTextDocument((document) => void look(document)),
    workspace.onDidSaveTextDocument((document) => void look(document)),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const begins = contentChanges.some(({ range }) => beginsPredictor(document.lineAt(range.start.line).text));
      if (document.languageId === 'python' && begins && matches(document)) found();
    }),
  ];
  const watching = { dispose: () => subscriptions.forEach((each) => void each.dispose()) };
  for (const document of workspace.textDocuments) void look(document);
  return watching;
}

function surroundingsIn({ Uri, workspace }: typeof vscode): Surroundings {
  return {
    folderOf: (uri) => workspace.getWorkspaceFolder(uri)?.uri,
    read: async (uri) =>
      workspace.fs.readFile(uri).then(
        (bytes) => new TextDecoder().decode(bytes),
        () => undefined,
      ),
    join: (uri, ...pieces) => Uri.joinPath(uri, ...pieces),
  };
}
