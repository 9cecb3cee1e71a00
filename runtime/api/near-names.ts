/** How many names a hint lists when none of them is near. */
const listed = 8;

/** Up to three of the existing names that were probably meant, the nearest first; empty when none is near. */
export function nearNames(name: string, existing: readonly string[]): string[] {
  return existing
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= allowedEdits(name, candidate) || sharesEnd(name, candidate))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/**
 * A hint for a name that does not exist: what was probably meant, else what there is. Returns `undefined` when there is
 * nothing to suggest.
 */
export function nearNamesHint(name: string, existing: readonly string[]): string | undefined {
  const near = nearNames(name, existing);
  if (near.length > 0) return `did you mean ${near.join(' or ')}?`;
  if (existing.length === 0) return undefined;
  const more = existing.length > listed ? `, and ${existing.length - listed} more` : '';
  return `there are: ${existing.slice(0, listed).join(', ')}${more}`;
}

/** Two slips, or a third of a long name; never so many that a short name resembles everything. */
function allowedEdits(name: string, candidate: string): number {
  return Math.min(Math.max(2, candidate.length / 3), Math.max(name.length, candidate.length) / 2);
}

/** Paths with one base name: the folder in front is what people leave out. */
function sharesEnd(name: string, candidate: string): boolean {
  return candidate.endsWith(`/${name}`) || name.endsWith(`/${candidate}`);
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substituted));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
