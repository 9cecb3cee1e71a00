import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { environment } from '../../../api/objects.ts';

/** Written last: an environment without it was never finished. Its time says when it was used last. */
export const markerName = 'spell-environment.json';

/** What is known of an environment. */
const marker = z.pick(environment, {
  kind: true,
  interpreter: true,
  version: true,
  packages: true,
  file: true,
  tool: true,
  size: true,
  createdAt: true,
});
export type Marker = z.infer<typeof marker>;

/** The marker of an environment's folder; null where there is none, or none that can be read. */
export async function readMarker(folder: string): Promise<Marker | null> {
  try {
    return marker.parse(JSON.parse(await readFile(join(folder, markerName), 'utf8')));
  } catch {
    return null;
  }
}

/** Makes an environment one that is finished. */
export async function writeMarker(folder: string, facts: Marker): Promise<void> {
  const path = join(folder, markerName);
  await writeFile(`${path}.part`, `${JSON.stringify(facts, null, 2)}\n`);
  await rename(`${path}.part`, path);
}
