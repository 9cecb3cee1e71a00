import { cp, glob, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { root } from '../root.ts';
import { currentBuild } from './current-build.ts';

/** Fields of the checkout's manifest that say nothing to an editor. */
const developmentOnly = ['private', 'workspaces', 'bin', 'scripts', 'allowScripts', 'devDependencies'];

/** Makes the extension's VSIX in a folder, and returns its path. Nothing is installed with it: all is bundled. */
export async function packExtension(packages: string): Promise<string> {
  const folder = join(packages, 'extension');
  const { name, version } = await stageExtension(folder);
  const packagePath = join(packages, `${name}-${version}.vsix`);
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  await execa('vsce', ['package', ...options, '--out', packagePath], { cwd: folder, preferLocal: true, localDir: root });
  await rm(folder, { recursive: true });
  return packagePath;
}

/**
 * Copies what `.vscodeignore` lets through into a folder, with the manifest that ships. vsce itself would walk all of the
 * checkout, with its caches, and could not tell the chunks of this build from older ones.
 */
export async function stageExtension(folder: string): Promise<{ name: string; version: string }> {
  const ignore = await readFile(join(root, '.vscodeignore'), 'utf8');
  const isCurrent = await currentBuild();
  const patterns = [...ignore.matchAll(/^!(.+)$/gm)].map((match) => match[1] ?? '');
  for await (const file of glob(patterns, { cwd: root })) {
    const from = join(root, file);
    if (!isCurrent(from) || !(await stat(from)).isFile()) continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(from, join(folder, file));
  }
  await cp(join(root, '.vscodeignore'), join(folder, '.vscodeignore'));
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { name: string; version: string };
  const ships = Object.fromEntries(Object.entries(manifest).filter(([field]) => !developmentOnly.includes(field)));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(ships, null, 2)}\n`);
  return manifest;
}
