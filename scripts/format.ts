import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './root.ts';
import { developmentPython } from './testing/development-python.ts';

/** Formats both languages, sorts imports, and applies the fixes that change no meaning. */
const python = developmentPython();
const cwd = join(root, 'runtime', 'python');
spawnSync(join(root, 'node_modules', '.bin', 'biome'), ['check', '--write', '.'], { cwd: root, stdio: 'inherit' });
spawnSync(python, ['-m', 'ruff', 'check', '--fix', '.'], { cwd, stdio: 'inherit' });
spawnSync(python, ['-m', 'ruff', 'format', '.'], { cwd, stdio: 'inherit' });
