import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { MissingTool } from './missing-tool.ts';

/** Something that only the system's own package manager can bring. */
export interface SystemPackage {
  /** Its name in Debian, for `apt-get install`. */
  debian: string;
  /** What people elsewhere know it by. */
  words: string;
  isHere(): boolean;
}

/** The first of these programs that `PATH` leads to. */
export function onPath(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes sure that these packages are here: as root on Debian installs what is missing, elsewhere throws a
 * {@link MissingTool} that names all of it. `purpose` completes "… are missing for".
 */
export function needSystemPackages(packages: SystemPackage[], purpose: string): void {
  const missing = packages.filter((each) => !each.isHere());
  if (missing.length === 0) return;
  const names = missing.map((each) => each.debian);
  if (!isRootOnDebian()) {
    const words = missing.map((each) => each.words).join(', ');
    throw new MissingTool(`missing for ${purpose}: ${words} (Debian: \`sudo apt-get install ${names.join(' ')}\`)`);
  }
  console.log(`installing for ${purpose} (once): ${names.join(' ')}`);
  aptGet('update');
  aptGet('install', '--yes', '--no-install-recommends', ...names);
}

function isRootOnDebian(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && onPath('apt-get') !== undefined;
}

function aptGet(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const done = spawnSync('apt-get', ['--quiet', ...args], { encoding: 'utf8', env });
  if (done.status !== 0) throw new MissingTool(`\`apt-get ${args.join(' ')}\` failed:\n${done.stdout ?? ''}${done.stderr ?? ''}`);
}
