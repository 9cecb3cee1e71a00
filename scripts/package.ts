import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { execa } from 'execa';
import { build } from './build.ts';
import { writeNotices } from './notices.ts';
import { root } from './root.ts';
import { developmentPython } from './testing/development-python.ts';

const packages = join(root, 'dist', 'packages');

/** What the `spell` command's package holds, besides its own manifest. */
const contents = ['bin', 'README.md', 'CHANGELOG.md', 'LICENSE'];
const built = ['spell.js', 'spelld.js', 'gateway.js', 'language-server.js', 'chunks', 'python', 'THIRD-PARTY-NOTICES.txt'];

/** The chunks of this build: those of earlier ones lie beside them for programs that still run, and do not ship. */
async function currentChunks(): Promise<Set<string>> {
  const metas = await Promise.all(
    ['spelld', 'gateway', 'spell'].map((name) => readFile(join(root, 'dist', 'meta', `${name}.json`), 'utf8')),
  );
  return new Set(metas.flatMap((meta) => Object.keys((JSON.parse(meta) as Metafile).outputs).map((path) => basename(path))));
}

/** The `spell` command as an npm package: bundles only, no dependency to install. Returns the tarball. */
async function packCommand(): Promise<string> {
  const folder = join(packages, 'spell');
  const { name, version, description, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, string>;
  await mkdir(join(folder, 'dist'), { recursive: true });
  for (const entry of contents) await cp(join(root, entry), join(folder, entry), { recursive: true });
  const current = await currentChunks();
  const isStale = (path: string): boolean => dirname(path) === join(root, 'dist', 'chunks') && !current.has(basename(path));
  for (const entry of built) {
    const isOurs = (path: string): boolean => !path.endsWith('.map') && basename(path) !== '__pycache__' && !isStale(path);
    await cp(join(root, 'dist', entry), join(folder, 'dist', entry), { recursive: true, filter: isOurs });
  }
  const manifest = { name, version, description, license, type: 'module', bin: { spell: 'bin/spell.js' }, engines: { node: '>=22.16' } };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const { stdout } = await execa('npm', ['pack', '--silent', '--pack-destination', packages], { cwd: folder });
  return join(packages, stdout.trim());
}

/** The Python package that predictors import, as a wheel: for editors, type checkers and users' own tests. */
async function packWheel(): Promise<string> {
  const { stdout } = await execa(
    developmentPython(),
    ['-m', 'pip', 'wheel', '--quiet', '--disable-pip-version-check', '--no-deps', '--wheel-dir', packages, join(root, 'runtime', 'python')],
    { stderr: 'inherit' },
  );
  if (stdout) console.log(stdout);
  return packages;
}

await build();
await writeNotices();
await rm(packages, { recursive: true, force: true });
await mkdir(packages, { recursive: true });
await packWheel();
console.log(await packCommand());
await rm(join(packages, 'spell'), { recursive: true });
console.log((await execa('ls', ['-l', packages])).stdout);
