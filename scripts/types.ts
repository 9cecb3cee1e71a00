import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './root.ts';
import { developmentPython } from './testing/development-python.ts';

/** TypeScript's and Python's types. */
const checks: [string, string[], string][] = [
  [join(root, 'node_modules', '.bin', 'tsc'), ['-p', '.'], root],
  [developmentPython(), ['-m', 'mypy'], join(root, 'runtime', 'python')],
];
for (const [command, args, cwd] of checks) {
  if (spawnSync(command, args, { cwd, stdio: 'inherit' }).status !== 0) process.exitCode = 1;
}
