import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root } from '../../root.ts';
import { MissingTool } from '../missing-tool.ts';
import { needSystemPackages, onPath, type SystemPackage } from '../system-packages.ts';
import { node24 } from './node-24.ts';

/** How code-server is started: `node entry …`. */
export interface CodeServer {
  node: string;
  entry: string;
}

const source = join(root, 'test', 'editor', 'code-server');
const cache = join(root, '.cache', 'editor');

/** What its native modules are compiled with. */
const compilers: SystemPackage[] = [
  { debian: 'g++', words: 'a C++ compiler', isHere: () => onPath('g++', 'c++') !== undefined },
  { debian: 'make', words: 'make', isHere: () => onPath('make') !== undefined },
  { debian: 'python3', words: 'Python 3', isHere: () => onPath('python3') !== undefined },
  {
    debian: 'libkrb5-dev',
    words: "the headers of Kerberos' GSS-API",
    isHere: () => process.platform !== 'linux' || onPath('krb5-config') !== undefined,
  },
];

/**
 * The pinned code-server, installed outside the workspace's packages: 600 MB, and three minutes the first time. Its
 * folder is named after its lock file and appears only when it is whole, so that a killed installation leaves none.
 */
export async function codeServer(): Promise<CodeServer> {
  const folder = join(cache, await folderName());
  const { node, folder: nodedir } = node24();
  if (!existsSync(folder)) await install(folder, node, nodedir);
  return { node, entry: join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js') };
}

async function folderName(): Promise<string> {
  const lock = await readFile(join(source, 'package-lock.json'));
  return `code-server-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`;
}

async function install(folder: string, node: string, nodedir: string): Promise<void> {
  if (process.platform === 'win32') throw new MissingTool('code-server does not install on Windows: use `npm run test:desktop`');
  needSystemPackages(compilers, 'compiling code-server');
  console.log('installing code-server, the real VS Code of the tests (once; three minutes)');
  const fresh = `${folder}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) await copyFile(join(source, name), join(fresh, name));
  const env = {
    ...withoutNpm(process.env),
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
    npm_config_nodedir: nodedir,
    npm_config_jobs: String(cpus().length),
  };
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: fresh, encoding: 'utf8', env, maxBuffer: 2 ** 28 });
  if (done.status !== 0) {
    await rm(fresh, { recursive: true, force: true });
    throw new MissingTool(`code-server could not be installed; npm says:\n${`${done.stdout}${done.stderr}`.slice(-8_000)}`);
  }
  // Another checkout with the same cache may have been faster.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
  await removeOthers(folder);
}

/** An outer npm's own settings would reach the inner one through the environment, and win over the folder's `.npmrc`. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_(config|package|lifecycle)_/.test(name)));
}

/** Older versions, and what killed installations left; one that goes on in another process stays. */
async function removeOthers(folder: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const installer = Number(/^code-server-.*\.([0-9]+)$/.exec(name)?.[1]);
    const path = join(cache, name);
    if (name.startsWith('code-server-') && path !== folder && !isAlive(installer)) await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return Number.isInteger(pid) && process.kill(pid, 0);
  } catch {
    return false;
  }
}
