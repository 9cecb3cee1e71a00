import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../root.ts';
import { MissingTool } from '../missing-tool.ts';

/** A Node with the headers that native modules are compiled against. */
export interface NodeWithHeaders {
  node: string;
  /** The folder that holds `include/node`, for node-gyp. */
  folder: string;
}

/** The only major version that code-server starts on. */
const major = 24;

/** Where `scripts/run.js` puts the Node that it brings from npm. */
const packages = join(root, 'scripts', 'node');

/** The Node that runs code-server: the one that runs this, where it fits, else the one that the checkout brings from npm. */
export function node24(): NodeWithHeaders {
  const own = dirname(dirname(process.execPath));
  if (Number.parseInt(process.versions.node, 10) === major && hasHeaders(own)) return { node: process.execPath, folder: own };
  const installed = packaged();
  if (installed) return installed;
  const done = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: packages, encoding: 'utf8' });
  const fresh = packaged();
  if (fresh) return fresh;
  const platform = `${process.platform}-${process.arch}`;
  throw new MissingTool(`code-server needs Node ${major} with its headers, and npm has none for ${platform}\n${done.stdout}${done.stderr}`);
}

function packaged(): NodeWithHeaders | undefined {
  const folder = globSync('node_modules/*', { cwd: packages })
    .map((path) => join(packages, path))
    .find((path) => hasHeaders(path) && existsSync(join(path, 'bin', 'node')));
  return folder === undefined ? undefined : { node: join(folder, 'bin', 'node'), folder };
}

function hasHeaders(folder: string): boolean {
  return existsSync(join(folder, 'include', 'node', 'node.h'));
}
