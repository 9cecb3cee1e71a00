import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from '../root.ts';

const chunks = join(root, 'dist', 'chunks');

/**
 * Tells what of `dist/` this build made. Chunks of earlier builds lie beside its own, for programs that still run, and
 * Python leaves its byte code: neither ships.
 */
export async function currentBuild(): Promise<(path: string) => boolean> {
  const metas = await Promise.all(
    ['spelld', 'gateway', 'spell'].map((name) => readFile(join(root, 'dist', 'meta', `${name}.json`), 'utf8')),
  );
  const made = new Set(metas.flatMap((meta) => Object.keys((JSON.parse(meta) as Metafile).outputs).map((path) => basename(path))));
  return (path) => !path.includes('__pycache__') && (dirname(path) !== chunks || made.has(basename(path)));
}
