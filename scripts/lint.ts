import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './root.ts';
import { developmentPython } from './testing/development-python.ts';

/** Both languages: rules, the house's arrows, formatting. `npm run format` mends what can be mended. */
const python = developmentPython();
const checks: [string, string[], string][] = [
  [join(root, 'node_modules', '.bin', 'biome'), ['check', '.'], root],
  [python, ['-m', 'ruff', 'check', '.'], join(root, 'runtime', 'python')],
  [python, ['-m', 'ruff', 'format', '--check', '.'], join(root, 'runtime', 'python')],
];
for (const [command, args, cwd] of checks) {
  if (spawnSync(command, args, { cwd, stdio: 'inherit' }).status !== 0) process.exitCode = 1;
}
