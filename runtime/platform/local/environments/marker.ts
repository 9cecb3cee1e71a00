import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { environment } from '../../../api/objects.ts';

/** Written last: an environment without it was never finished. Its time says when it was used last. */
export const markerName = 'spell-environment.json';
/** All that stands, with its users, in the folder of an environment that could not be made. Its time says when that was. */
export const failedMarkerName = 'spell-environment-failed.json';

const asked = z.pick(environment, { kind: true, packages: true, file: true, createdAt: true });

/** What is known of an environment. */
const marker = z.extend(asked, {
  ...z.pick(environment, { size: true }).shape,
  interpreter: z.string(),
  version: z.string(),
  tool: z.string(),
});
export type Marker = z.infer<typeof marker>;

/** What is known of one that could not be made. */
const failedMarker = z.extend(asked, {
  failure: z.object({ message: z.string(), hint: z.nullable(z.string()), log: z.array(z.string()) }),
});
export type FailedMarker = z.infer<typeof failedMarker>;

/** The marker of an environment's folder; null where there is none, or none that can be read. */
export function readMarker(folder: string): Promise<Marker | null> {
  return read(join(folder, markerName), (text) => marker.parse(text));
}

export function readFailedMarker(folder: string): Promise<FailedMarker | null> {
  return read(join(folder, failedMarkerName), (text) => failedMarker.parse(text));
}

/** Makes an environment one that is finished. */
export function writeMarker(folder: string, facts: Marker): Promise<void> {
  return write(join(folder, markerName), facts);
}

export function writeFailedMarker(folder: string, facts: FailedMarker): Promise<void> {
  return write(join(folder, failedMarkerName), facts);
}

async function read<T>(path: string, parse: (json: unknown) => T): Promise<T | null> {
  try {
    return parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

async function write(path: string, facts: object): Promise<void> {
  await writeFile(`${path}.part`, `${JSON.stringify(facts, null, 2)}\n`);
  await rename(`${path}.part`, path);
}
