/** Which of two builds is newer, by their versions (`1.2.3`); a development build is nobody's elder. */
export function compareVersions(ours: string, theirs: string): 'same' | 'newer' | 'older' {
  if (ours === theirs) return 'same';
  const [mine, other] = [ours, theirs].map(numbers);
  if (!mine || !other) return 'same';
  for (const [at, number] of mine.entries()) {
    const difference = number - (other[at] ?? 0);
    if (difference !== 0) return difference > 0 ? 'newer' : 'older';
  }
  return 'same';
}

function numbers(version: string): number[] | undefined {
  const found = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  return found?.slice(1).map(Number);
}
