import type * as vscode from 'vscode';

const spellYaml = 'spell.yaml';
/** How many folders above a file that is in none of the window's may hold the `spell.yaml` that serves it, as the language server has it. */
const mostFoldersUp = 4;
/** A Python file that says so itself: it imports our package, or names the class. */
const predictor = /^[ \t]*(?:from|import)[ \t]+spell\b|\bBasePredictor\b/m;

/** What of the editor's files is needed to tell. */
export interface Surroundings {
  /** The window's folder that a file lies in. */
  folderOf(uri: vscode.Uri): vscode.Uri | undefined;
  /** The text of a file; undefined when there is none. */
  read(uri: vscode.Uri): Promise<string | undefined>;
  /** A file or folder by a path from another. */
  join(uri: vscode.Uri, ...pieces: string[]): vscode.Uri;
}

/** A document, as much of it as is looked at. */
type Document = Pick<vscode.TextDocument, 'uri' | 'languageId' | 'getText'>;

/**
 * Whether a document is one that the language server is about: a `spell.yaml`, the Python of a predictor or of what a
 * `spell.yaml` around it may serve, or a config that such a one names. Most windows never have any, and pay for none.
 */
export async function isConcerned(document: Document, surroundings: Surroundings): Promise<boolean> {
  const name = document.uri.path.split('/').at(-1) ?? '';
  if (name === spellYaml) return true;
  const python = document.languageId === 'python';
  if (python && predictor.test(document.getText())) return true;
  for (const uri of spellYamlsAround(document.uri, surroundings)) {
    const text = await surroundings.read(uri);
    // Its servers may have bases and helpers in any file beside it; a config is named.
    if (text !== undefined && (python || text.includes(name))) return true;
  }
  return false;
}

/** Whether somebody begins to write a predictor on a line. */
export function beginsPredictor(line: string): boolean {
  return predictor.test(line) || /^\s*(?:class\s+)?\w*predictor/i.test(line);
}

function spellYamlsAround(uri: vscode.Uri, { folderOf, join }: Surroundings): vscode.Uri[] {
  const root = folderOf(uri)?.path;
  const found: vscode.Uri[] = [];
  for (let folder = join(uri, '..'), up = 0; root !== undefined || up < mostFoldersUp; folder = join(folder, '..'), up++) {
    found.push(join(folder, spellYaml));
    if (folder.path === root || folder.path === join(folder, '..').path) break;
  }
  return found;
}
