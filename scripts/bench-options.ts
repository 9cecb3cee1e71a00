import { parseArgs } from 'node:util';

const usage = `npm run bench -- [WORD…] [--quick] [--write]

  WORD      only the benchmark of that name, else those whose name contains it
  --quick   short rounds, to see whether everything works
  --write   the tables go into docs/performance.md
  --help    this text`;

/** Which benchmarks are to run, and how. */
export interface BenchOptions {
  names: string[];
  quick: boolean;
  write: boolean;
}

/**
 * Reads the arguments of `npm run bench`: what is to run, or a text for the person who asked and the exit status that
 * belongs to it. A word that no benchmark's name contains is an error, too: it would measure nothing. Pure.
 */
export function benchOptions(args: readonly string[], known: readonly string[]): BenchOptions | { text: string; status: 0 | 2 } {
  const wrong = (problem: string): { text: string; status: 2 } => ({ text: `error: ${problem}\n\n${usage}`, status: 2 });
  const { tokens } = parseArgs({ args: [...args], strict: false, allowPositionals: true, tokens: true });
  const words: string[] = [];
  const flags = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind === 'option') flags.add(token.value === undefined ? token.rawName : `${token.rawName}=${token.value}`);
  }
  if (flags.has('--help') || flags.has('-h')) return { text: `${usage}\n\nbenchmarks: ${known.join(', ')}`, status: 0 };
  const unknown = [...flags].find((flag) => flag !== '--quick' && flag !== '--write');
  if (unknown !== undefined) return wrong(`there is no option ${unknown}`);
  const idle = words.find((word) => !known.some((name) => name.includes(word)));
  if (idle !== undefined) return wrong(`no benchmark's name contains ${JSON.stringify(idle)}; there are ${known.join(', ')}`);
  const means = (word: string, name: string): boolean => (known.includes(word) ? name === word : name.includes(word));
  const names = known.filter((name) => words.length === 0 || words.some((word) => means(word, name)));
  return { names, quick: flags.has('--quick'), write: flags.has('--write') };
}
