import type * as vscode from 'vscode';
import type { Environment } from '../../runtime/api/objects.ts';
import { shownSize } from '../../runtime/api/shown-size.ts';

type L10n = Pick<typeof vscode, 'l10n'>['l10n'];

export function environmentStateWords(l10n: L10n, { state, inUse }: Environment): string {
  switch (state) {
    case 'making':
      return l10n.t('being made');
    case 'failed':
      return l10n.t('failed');
    case 'ready':
      return inUse ? l10n.t('in use') : l10n.t('not in use');
    default:
      return state satisfies never;
  }
}

/** Who needs it: `digits (revision 3), 2 former revisions`. Only a rollback would need the latter. Undefined where nobody does. */
export function environmentUsers(l10n: L10n, { usedBy }: Environment): string | undefined {
  const now = usedBy
    .filter(({ inUse }) => inUse)
    .map(({ server, revision }) => l10n.t('{0} (revision {1})', server.replace(/^local\//, ''), revision));
  const former = usedBy.length - now.length;
  const others = former === 0 ? [] : [former === 1 ? l10n.t('1 former revision') : l10n.t('{0} former revisions', former)];
  const all = [...now, ...others];
  return all.length === 0 ? undefined : all.join(', ');
}

/** `Python 3.11.7 by uv, 12 MiB`; undefined until it is made. */
export function environmentFacts(l10n: L10n, { state, version, tool, size }: Environment): string | undefined {
  return state === 'ready' ? l10n.t('Python {0} by {1}, {2}', version ?? '', tool ?? '', shownSize(size)) : undefined;
}

/** `2 environments`. */
export function environmentCount(l10n: L10n, count: number): string {
  return count === 1 ? l10n.t('1 environment') : l10n.t('{0} environments', count);
}
