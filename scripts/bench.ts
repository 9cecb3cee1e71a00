import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { glob, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from './build.ts';
import { root } from './root.ts';

/**
 * The benchmarks in `test/bench`, one after the other (nothing else should run meanwhile), each in a process of its
 * own. `npm run bench -- echo` runs those whose name contains "echo"; `--quick` makes short rounds, to see whether
 * everything works. Every raw number is in `dist/bench/NAME.json`, the tables of all are in `dist/bench/tables.md`;
 * `--write` puts them into `docs/performance.md`, between the marks that name the benchmark.
 */
await build();
const quick = process.argv.includes('--quick');
const write = process.argv.includes('--write');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const results = join(root, 'dist', 'bench');
const files: string[] = [];
for await (const file of glob('test/bench/*.bench.ts', { cwd: root })) files.push(String(file));
const page = join(root, 'docs', 'performance.md');
let tables = '';
const missed: string[] = [];
for (const file of files.sort()) {
  const name = basename(file, '.bench.ts');
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  console.log(`\n# ${name}`);
  const table = join(results, `${name}.md`);
  await rm(table, { force: true });
  const done = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...(quick && { SPELL_BENCH_QUICK: '1' }) },
  });
  if (done.status !== 0) missed.push(name);
  if (!existsSync(table)) continue;
  const text = readFileSync(table, 'utf8');
  tables += `## ${name}\n\n${text}`;
  if (write) writeFileSync(page, withTables(readFileSync(page, 'utf8'), name, text));
}
if (tables !== '') writeFileSync(join(results, 'tables.md'), tables);
console.log(missed.length === 0 ? '\nevery aim was met' : `\nan aim was missed, or it failed: ${missed.join(', ')}`);
if (missed.length > 0) process.exitCode = 1;

/** The page with what stands between a benchmark's marks replaced; as it is, if it has no such marks. */
function withTables(text: string, name: string, tables: string): string {
  const begin = `<!-- bench ${name} -->\n`;
  const end = `<!-- end of ${name} -->`;
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  return after === undefined ? text : `${before}${begin}\n${tables}${end}${after}`;
}
