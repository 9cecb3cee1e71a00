import { spawnSync } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from './build.ts';
import { root } from './root.ts';

/**
 * The benchmarks in `test/bench`, one after the other (nothing else should run meanwhile), each in a process of its
 * own. `npm run bench -- echo` runs those whose name contains "echo".
 */
await build();
const wanted = process.argv.slice(2);
const files: string[] = [];
for await (const file of glob('test/bench/*.bench.ts', { cwd: root })) files.push(String(file));
for (const file of files.sort()) {
  const name = basename(file, '.bench.ts');
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  console.log(`\n# ${name}`);
  const done = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', file], { cwd: root, stdio: 'inherit' });
  if (done.status !== 0) process.exitCode = 1;
}
