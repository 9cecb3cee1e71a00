import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { glob, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { benchOptions } from './bench-options.ts';
import { build } from './build.ts';
import { root } from './root.ts';

/**
 * The benchmarks in `test/bench`, one after the other (nothing else should run meanwhile), each in a process of its
 * own; `bench-options.ts` says what can be chosen. Every raw number is in `dist/bench/NAME.json`, the tables of all are
 * in `dist/bench/tables.md`; `--write` puts them into `docs/performance.md`, between the marks that name the benchmark.
 */
const known: string[] = [];
for await (const file of glob('test/bench/*.bench.ts', { cwd: root })) known.push(basename(file, '.bench.ts'));
const options = benchOptions(process.argv.slice(2), known.sort());
if ('text' in options) {
  (options.status === 0 ? console.log : console.error)(options.text);
  process.exit(options.status);
}
await build();
const { names, quick, write } = options;
const results = join(root, 'dist', 'bench');
const page = join(root, 'docs', 'performance.md');
let tables = '';
const missed: string[] = [];
for (const name of names) {
  console.log(`\n# ${name}`);
  const table = join(results, `${name}.md`);
  await rm(table, { force: true });
  const file = join('test', 'bench', `${name}.bench.ts`);
  // It ends with us, and then ends what it has started.
  const done = await execa(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    cwd: root,
    stdio: 'inherit',
    reject: false,
    env: quick ? { SPELL_BENCH_QUICK: '1' } : {},
  });
  if (done.exitCode !== 0) missed.push(name);
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
