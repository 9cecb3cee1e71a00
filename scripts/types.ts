import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './root.ts';
import { developmentPython } from './testing/development-python.ts';

const tsc = join(root, 'node_modules', '.bin', 'tsc');

/** TypeScript's and Python's types; what runs in a page knows other ones than what runs in Node. */
const checks: [string, string[], string][] = [
  [tsc, ['-p', '.'], root],
  [tsc, ['-p', join('client', 'webviews')], root],
  [tsc, ['-p', join('test', 'editor', 'eye', 'page')], root],
  [developmentPython(), ['-m', 'mypy'], join(root, 'runtime', 'python')],
];
for (const [command, args, cwd] of checks) {
  if (spawnSync(command, args, { cwd, stdio: 'inherit' }).status !== 0) process.exitCode = 1;
}
