import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from './root.ts';

/**
 * Writes `dist/THIRD-PARTY-NOTICES.txt`: the licence of every package that some of our bundles contain, as each
 * bundle's metafile tells. Throws when a package has no licence text, because then we may not ship it.
 */
export async function writeNotices(): Promise<void> {
  const meta = join(root, 'dist', 'meta');
  const folders = new Set<string>();
  for (const file of await readdir(meta)) {
    const { inputs } = JSON.parse(await readFile(join(meta, file), 'utf8')) as Metafile;
    for (const input of Object.keys(inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder) folders.add(folder);
    }
  }
  const notices = await Promise.all([...folders].sort().map(notice));
  await writeFile(join(root, 'dist', 'THIRD-PARTY-NOTICES.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`));
}

async function notice(folder: string): Promise<string> {
  const path = join(root, folder);
  const { name, version, license } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as Record<string, string>;
  const file = (await readdir(path)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} ${version} (${license}) has no licence text in ${folder}`);
  return `${name} ${version} (${license})\n\n${await readFile(join(path, file), 'utf8')}`;
}
