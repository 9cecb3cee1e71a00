import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Distribution, type Environment, normalizedName } from '../features/world/environment.ts';

/**
 * Reads from disk what is installed beside an interpreter, without running it: the folders `site-packages` of its
 * prefix, and those that a virtual environment inherits. Undefined when none is found, so that nothing is reported.
 */
export async function readEnvironment(python: string): Promise<Environment | undefined> {
  const prefix = dirname(dirname(python));
  const config = await readFile(join(prefix, 'pyvenv.cfg'), 'utf8').catch(() => undefined);
  const inherits = config !== undefined && /^include-system-site-packages\s*=\s*true/im.test(config);
  const home = /^home\s*=\s*(.+)$/im.exec(config ?? '')?.[1]?.trim();
  const prefixes = [prefix, ...(inherits && home !== undefined ? [dirname(home)] : [])];
  const folders = (await Promise.all(prefixes.map(sitePackages))).flat();
  // Outside a virtual environment packages may lie where only the interpreter knows: nothing is sure then.
  if (folders.length === 0 || (config === undefined && !(await hasStandardLibrary(prefix)))) return undefined;
  const modules = new Set<string>();
  const distributions = new Map<string, Distribution>();
  for (const folder of folders) await readFolder(folder, modules, distributions);
  const version = /python(\d+\.\d+)/.exec(folders[0] ?? '')?.[1] ?? /^version(?:_info)?\s*=\s*(\d+\.\d+)/im.exec(config ?? '')?.[1];
  return { python, version, modules, distributions };
}

async function sitePackages(prefix: string): Promise<string[]> {
  const found: string[] = [];
  for (const lib of ['lib', 'lib64', 'Lib']) {
    const names = await readdir(join(prefix, lib)).catch(() => [] as string[]);
    if (names.includes('site-packages')) found.push(join(prefix, lib, 'site-packages'));
    for (const name of names.filter((each) => /^(?:python|pypy)\d/.test(each))) {
      for (const kind of ['site-packages', 'dist-packages']) {
        const folder = join(prefix, lib, name, kind);
        if (
          await readdir(folder).then(
            () => true,
            () => false,
          )
        )
          found.push(folder);
      }
    }
  }
  return found;
}

async function hasStandardLibrary(prefix: string): Promise<boolean> {
  const names = await readdir(join(prefix, 'lib')).catch(() => [] as string[]);
  // Debian's own interpreter also reads `/usr/local/lib` and the user's folder.
  return prefix !== '/usr' && names.some((name) => /^python\d/.test(name));
}

/** Every module that lies in a folder, and what its distributions say of themselves. */
async function readFolder(folder: string, modules: Set<string>, distributions: Map<string, Distribution>): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const paths: string[] = [];
  for (const entry of entries) {
    if (/\.(?:dist|egg)-info$/.test(entry.name)) {
      const distribution = await readDistribution(join(folder, entry.name), entry.name);
      distributions.set(normalizedName(distribution.name), distribution);
      for (const module of distribution.modules) modules.add(module);
    } else if (entry.name.endsWith('.pth')) {
      const text = await readFile(join(folder, entry.name), 'utf8').catch(() => '');
      paths.push(...text.split(/\r?\n/).filter((line) => line.startsWith('/') || /^[A-Za-z]:/.test(line)));
      // Editable installs of new kinds name their modules in a finder.
      for (const [, module] of text.matchAll(/__editable___(\w+?)_\d/g)) if (module) modules.add(module);
    } else {
      const module = entry.isDirectory() ? entry.name : /^(\w+)(?:\.[\w-]+)*\.(?:py|so|pyd)$/.exec(entry.name)?.[1];
      if (module && /^[A-Za-z_]\w*$/.test(module) && module !== '__pycache__') modules.add(module);
    }
  }
  // Folders that are added by `.pth` files: projects installed for development.
  for (const path of paths) {
    for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
      const module = entry.isDirectory() ? entry.name : /^(\w+)\.py$/.exec(entry.name)?.[1];
      if (module && /^[A-Za-z_]\w*$/.test(module)) modules.add(module);
    }
  }
}

async function readDistribution(folder: string, entry: string): Promise<Distribution> {
  const [, name = entry, version = ''] = /^(.+?)-(\d[^-]*)(?:-py[\d.]+)?\.(?:dist|egg)-info$/.exec(entry) ?? [];
  const top = await readFile(join(folder, 'top_level.txt'), 'utf8').catch(() => undefined);
  if (top !== undefined) return { name, version, modules: top.split(/\s+/).filter(Boolean) };
  const record = await readFile(join(folder, 'RECORD'), 'utf8').catch(() => '');
  const modules = new Set<string>();
  for (const line of record.split('\n')) {
    const [, module] = /^([A-Za-z_]\w*)(?:\/|\.(?:[\w-]+\.)*(?:py|so|pyd),)/.exec(line) ?? [];
    if (module && module !== '__pycache__') modules.add(module);
  }
  return { name, version, modules: [...modules] };
}
