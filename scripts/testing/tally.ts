/** How a set of tests ended. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** The tallies of several sets as one. */
export function sum(tallies: Tally[]): Tally {
  return tallies.reduce(
    (all, one) => ({ passed: all.passed + one.passed, failed: all.failed + one.failed, skipped: all.skipped + one.skipped }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/**
 * Prints the closing line `N passed, N failed[, N skipped]` and returns the exit status: 1 when something failed, when
 * nothing ran, or when CI skipped something (there every tool must be installed).
 */
export function conclude({ passed, failed, skipped }: Tally): number {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  const mayNotSkip = process.env.CI === 'true' && process.platform === 'linux' && process.getuid?.() === 0;
  return failed > 0 || passed === 0 || (mayNotSkip && skipped > 0) ? 1 : 0;
}
