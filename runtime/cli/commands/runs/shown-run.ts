import type { GitState, Resource, Run } from '../../../api/objects.ts';
import { shownDuration } from '../../../api/shown-duration.ts';
import { shownSize } from '../../../api/shown-size.ts';
import { shownFileCount } from '../../terminal/counts.ts';

/** How it ended, in a word: `complete`, `failed (1)`, `failed (SIGKILL)`. */
export function shownState({ state, exitStatus, signal }: Run): string {
  return state === 'failed' ? `failed (${signal ?? exitStatus})` : state;
}

/** How it ended and when: `complete after 12 s`, `failed with exit status 1 after 3 s`. */
export function shownEnd({ state, exitStatus, signal, startedAt, endedAt }: Run): string {
  const how = state !== 'failed' ? state : signal === null ? `failed with exit status ${exitStatus}` : `ended by ${signal}`;
  return `${how} after ${shownDuration(Date.parse(endedAt) - Date.parse(startedAt))}`;
}

/** `saved 3 files, 4.1 MiB`. */
export function shownSaved({ files, size }: Pick<Resource, 'files' | 'size'>): string {
  return files === 0 ? 'saved no files' : `saved ${shownFileCount(files)}, ${shownSize(size)}`;
}

/** `0123456789ab`, `0123456789ab with uncommitted changes`. */
export function shownCommit({ commit, dirty }: GitState): string {
  return `${commit.slice(0, 12)}${dirty ? ' with uncommitted changes' : ''}`;
}
