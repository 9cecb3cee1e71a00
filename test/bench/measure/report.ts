import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/root.ts';
import { isPinning } from '../contestants/pinned.ts';

/** Where results go: `NAME.json` with every raw number, `NAME.md` with the tables. */
export const resultsFolder: string = join(root, 'dist', 'bench');

/** How many programs wanted to run when this benchmark began; with more than so many for each core it measures those. */
const loadBefore = loadavg()[0] ?? 0;
const busyLoad = 1.5;

export type Aim = { atMost: number } | { atLeast: number } | { exactly: number };

/** One figure that is judged, round by round. */
export interface Figure {
  what: string;
  unit: string;
  values: number[];
  aim: Aim;
}

/** What one benchmark found, as Markdown for people and as JSON for those who want to compute. */
export class Report {
  readonly #name: string;
  readonly #figures: Figure[] = [];
  readonly #raw: Record<string, unknown> = {};
  #markdown = '';

  /** `name` is that of the files. */
  constructor(name: string) {
    this.#name = name;
    const cores = cpus().length;
    if (loadBefore > busyLoad * cores)
      this.say(`**The machine was busy with other things** (load ${shown(loadBefore)} on ${cores} cores).`);
  }

  /** A sentence between the tables. */
  say(text: string): void {
    this.#markdown += `${text}\n\n`;
  }

  /** A table of facts; numbers are shown as short as they are told apart. */
  table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
    const lines = [columns, columns.map(() => '---'), ...rows.map((row) => row.map((cell) => shown(cell)))];
    this.#markdown += `${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n\n`;
  }

  /** Adds a figure to the table of aims. */
  figure(what: string, unit: string, values: number[], aim: Aim): void {
    this.#figures.push({ what, unit, values, aim });
  }

  /** Keeps what was measured. */
  raw(name: string, value: unknown): void {
    this.#raw[name] = value;
  }

  /** Prints everything, writes it down, and makes the process fail if an aim was missed. */
  finish(): void {
    const rows = this.#figures.map(({ what, unit, values, aim }) => [
      what,
      `${shown(median(values))}${unit && ` ${unit}`}`,
      values.length > 1 ? `${shown(Math.min(...values))} – ${shown(Math.max(...values))}` : '',
      aimText(aim),
      isMet(values, aim) ? 'yes' : '**no**',
    ]);
    this.table(['', 'median', 'range', 'aim', 'met'], rows);
    console.log(`\n${this.#markdown}`);
    const cpu = cpus();
    const machine = {
      cores: cpu.length,
      processor: cpu[0]?.model,
      loadBefore,
      memoryMiB: Math.round(totalmem() / 2 ** 20),
      kernel: release(),
      node: process.version,
      pinned: isPinning(),
    };
    mkdirSync(resultsFolder, { recursive: true });
    const figures = this.#figures.map((each) => ({ ...each, median: median(each.values), met: isMet(each.values, each.aim) }));
    const document = { name: this.#name, at: new Date().toISOString(), machine, figures, ...this.#raw };
    writeFileSync(join(resultsFolder, `${this.#name}.json`), `${JSON.stringify(document, null, 1)}\n`);
    writeFileSync(join(resultsFolder, `${this.#name}.md`), this.#markdown);
    if (figures.some(({ met }) => !met)) process.exitCode = 1;
  }
}

/** The middle value; of an even number the upper of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('no values');
  return middle;
}

/** `low – high`. */
export function range(values: readonly number[]): string {
  return `${shown(Math.min(...values))} – ${shown(Math.max(...values))}`;
}

function isMet(values: readonly number[], aim: Aim): boolean {
  const value = median(values);
  if ('atMost' in aim) return value <= aim.atMost;
  // What must be exact must be so in each round.
  if ('exactly' in aim) return values.every((each) => each === aim.exactly);
  return value >= aim.atLeast;
}

function aimText(aim: Aim): string {
  if ('atMost' in aim) return `≤ ${aim.atMost}`;
  return 'exactly' in aim ? String(aim.exactly) : `≥ ${aim.atLeast}`;
}

function shown(cell: string | number): string {
  if (typeof cell === 'string') return cell;
  const size = Math.abs(cell);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return Number(cell.toFixed(digits)).toLocaleString('en-US');
}
