import { join } from 'node:path';
import type * as vscode from 'vscode';
import { digestOf } from '../../runtime/api/manifest.ts';
import type { Manifest, ModelServer } from '../../runtime/api/objects.ts';
import { takeSnapshot } from '../../runtime/api/project/snapshot.ts';
import type { Context } from '../context.ts';

/** A file of a project that is not as it is in a revision. */
export interface CodeChange {
  /** Relative to the project's folder, with `/`. */
  path: string;
  /** In the revision; undefined where it is new. */
  before: string | undefined;
  /** The file of this machine; undefined where it is gone. */
  after: string | undefined;
}

/**
 * What the code that would be taken now differs in from the one that answers: what lies on the disk, and what is typed and not
 * saved yet. Nothing is sent. Throws as `takeSnapshot` does.
 */
export async function codeChanges({ client, code, controlPlane }: Context, server: ModelServer, entrypoint: string): Promise<CodeChange[]> {
  const { owner, name, revision } = server;
  const [{ files: before }, { root, code: now }] = await Promise.all([
    client.describeRevisionCode({ owner, name, revision: String(revision) }),
    takeSnapshot({ entrypoint, home: controlPlane.home }),
  ]);
  const unsaved = new Map(code.workspace.textDocuments.filter(({ isDirty }) => isDirty).map((document) => [document.uri.fsPath, document]));
  const after = now.files.map((file) => withUnsaved(file, unsaved.get(join(root, file.path))));
  return changesBetween(before, after).map(({ path, digest, isGone }) => ({
    path,
    before: digest,
    after: isGone ? undefined : join(root, path),
  }));
}

/** What is saved before it is taken counts as it stands in its editor. */
function withUnsaved(file: Manifest[number], document: vscode.TextDocument | undefined): Manifest[number] {
  return document ? { ...file, digest: digestOf(document.getText()) } : file;
}

/** The files that differ, by their paths. `digest`: of what was there before. */
export function changesBetween(before: Manifest, after: Manifest): { path: string; digest: string | undefined; isGone: boolean }[] {
  const old = new Map(before.map(({ path, digest }) => [path, digest]));
  const now = new Map(after.map(({ path, digest }) => [path, digest]));
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => old.get(path) !== now.get(path))
    .sort()
    .map((path) => ({ path, digest: old.get(path), isGone: !now.has(path) }));
}
