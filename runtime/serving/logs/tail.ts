import { Segment } from './segment.ts';

/**
 * The newest positions of several pods' files together, at most `count`, newest first; only those up to `until`, if given.
 * No lines are kept meanwhile, and of a file no more is read than is needed.
 */
export async function newestPositions(paths: string[], count: number, until?: string): Promise<string[]> {
  let newest: string[] = [];
  for (const path of paths) {
    const ofPod: string[] = [];
    /** With so many newer ones of other pods, older ones are not among the newest. */
    const oldest = newest.length < count ? '' : (newest.at(-1) ?? '');
    for await (const position of positionsBackwards(path)) {
      if (position <= oldest || ofPod.length === count) break;
      if (until === undefined || position <= until) ofPod.push(position);
    }
    newest = [...newest, ...ofPod].sort((a, b) => (a < b ? 1 : -1)).slice(0, count);
  }
  return newest;
}

async function* positionsBackwards(path: string): AsyncGenerator<string> {
  // The newer file first: if it is renamed in between, the older one is the same file again, and is passed over.
  const newer = await Segment.open(path);
  const older = await Segment.open(`${path}.1`);
  try {
    if (newer) for await (const { position } of newer.backwards()) yield position;
    if (older && older.id !== newer?.id) for await (const { position } of older.backwards()) yield position;
  } finally {
    await newer?.close();
    await older?.close();
  }
}
