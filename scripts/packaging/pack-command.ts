import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { root } from '../root.ts';
import { currentBuild } from './current-build.ts';

/** What the `spell` command's package holds, besides its own manifest. */
const contents = ['bin', 'README.md', 'CHANGELOG.md', 'LICENSE'];
const built = ['spell.js', 'spelld.js', 'gateway.js', 'language-server.js', 'chunks', 'python', 'THIRD-PARTY-NOTICES.txt'];

/** Makes the `spell` command as an npm package in a folder: bundles only, no dependency to install. Returns the tarball. */
export async function packCommand(packages: string): Promise<string> {
  const folder = join(packages, 'spell');
  const { name, version, description, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, string>;
  await mkdir(join(folder, 'dist'), { recursive: true });
  for (const entry of contents) await cp(join(root, entry), join(folder, entry), { recursive: true });
  const isCurrent = await currentBuild();
  const ships = (path: string): boolean => !path.endsWith('.map') && isCurrent(path);
  for (const entry of built) await cp(join(root, 'dist', entry), join(folder, 'dist', entry), { recursive: true, filter: ships });
  const manifest = { name, version, description, license, type: 'module', bin: { spell: 'bin/spell.js' }, engines: { node: '>=22.16' } };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const { stdout } = await execa('npm', ['pack', '--silent', '--pack-destination', packages], { cwd: folder });
  await rm(folder, { recursive: true });
  return join(packages, stdout.trim());
}
