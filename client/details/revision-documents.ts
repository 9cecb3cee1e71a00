import { text } from 'node:stream/consumers';
import type * as vscode from 'vscode';
import type { Contribution } from '../context.ts';
import type { ModelServerTarget } from '../contributions.ts';
import type { CodeChange } from '../operations/code-changes.ts';

const revisionScheme = 'spell-revision';

/** Read-only documents of files as they are in a revision: `spell-revision:/local/digits/3/lib/load.py?DIGEST`; without a digest there is none. */
export const revisionDocuments: Contribution = {
  register({ code, controlPlane }) {
    return code.workspace.registerTextDocumentContentProvider(revisionScheme, {
      provideTextDocumentContent: async ({ query: digest }) =>
        digest === '' ? '' : text(await (await controlPlane.current()).getContent({ digest })),
    });
  },
};

/** Shows changed files beside what they are in a revision, all in one editor. */
export async function showCodeChanges(
  { commands, l10n, Uri }: Pick<typeof vscode, 'commands' | 'l10n' | 'Uri'>,
  { owner, name, revision }: ModelServerTarget & { revision: number },
  changes: readonly CodeChange[],
): Promise<void> {
  const inRevision = (path: string, digest: string): vscode.Uri =>
    Uri.from({ scheme: revisionScheme, path: `/${owner}/${name}/${revision}/${path}`, query: digest });
  const resources = changes.map(({ path, before, after }) => {
    const now = after === undefined ? undefined : Uri.file(after);
    const then = before === undefined ? undefined : inRevision(path, before);
    return [now ?? then, then, now];
  });
  await commands.executeCommand('vscode.changes', l10n.t('{0}: revision {1} → now', name, revision), resources);
}
