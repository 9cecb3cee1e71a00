import { environmentParts } from '../../../api/environment-parts.ts';
import type { Environment } from '../../../api/objects.ts';

/** A table's line has room for so many packages. */
const packagesInTable = 3;

/** What it was made from, as far as there is room: `numpy, scipy, pandas and 2 more`. */
export function madeFromInTable(environment: Environment): string {
  const parts = environmentParts(environment);
  if (parts.length <= packagesInTable) return parts.join(', ');
  return `${parts.slice(0, packagesInTable).join(', ')} and ${parts.length - packagesInTable} more`;
}

/** Who needs it: `digits (revision 3), 2 former revisions`. Only a rollback would need the latter. */
export function usersOf({ usedBy }: Environment): string {
  const now = usedBy.filter(({ inUse }) => inUse).map(({ server, revision }) => `${server.replace(/^local\//, '')} (revision ${revision})`);
  const former = usedBy.length - now.length;
  const others = former === 0 ? [] : [former === 1 ? '1 former revision' : `${former} former revisions`];
  return [...now, ...others].join(', ') || '-';
}
