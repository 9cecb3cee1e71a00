import type * as vscode from 'vscode';
import type { Run } from '../../runtime/api/objects.ts';

/** How a run ended, in a word or two. */
export function runStateWords(l10n: typeof vscode.l10n, { state, exitStatus, signal }: Run): string {
  switch (state) {
    case 'complete':
      return l10n.t('complete');
    case 'interrupted':
      return l10n.t('interrupted');
    case 'failed':
      return l10n.t('failed ({0})', signal ?? String(exitStatus));
    default:
      return state satisfies never;
  }
}

/** The commit that it was run at; undefined outside of repositories. */
export function commitWords(l10n: typeof vscode.l10n, { git }: Run): string | undefined {
  if (git === null) return undefined;
  const commit = git.commit.slice(0, 12);
  return git.dirty ? l10n.t('commit {0} with uncommitted changes', commit) : l10n.t('commit {0}', commit);
}
