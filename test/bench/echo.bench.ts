import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../../scripts/root.ts';
import { bareNode, type Contestant, ours, underUvicorn } from './echo/contestants.ts';
import type { LoadPlan, LoadResult } from './echo/load-generator.ts';
import { peersPython } from './echo/peers-python.ts';
import { canPin, onCore } from './echo/pinned.ts';
import { median } from './report.ts';

// Unbatched JSON echo, 32 connections, beside what a front in Node can do at all and what people would write instead.
// The front (or the whole peer) runs on core 0, our worker and the load generator on core 1. Rounds alternate, so that
// a machine that gets slower gets slower for all.

const rounds = 5;

/** A round of one contestant: what the generator saw, and the processor time of each of its processes a request. */
interface Round extends LoadResult {
  cpuMicroseconds: number[];
}
const body = '{"values":[5.1,3.5,1.4,0.2],"name":"setosa","id":17}';

async function load(url: string): Promise<LoadResult> {
  const plan: LoadPlan = { url, body, connections: 32, warmupMs: 1000, durationMs: 3000 };
  const generator = join(root, 'test', 'bench', 'echo', 'load-generator.ts');
  const [program = '', ...args] = onCore(1, [process.execPath, '--disable-warning=ExperimentalWarning', generator, JSON.stringify(plan)]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(await text(child.stdout)) as LoadResult;
}

/** A busy machine changes how long a request takes, but hardly what it costs: that figure is shown, too. */
async function measure({ url, pids }: Contestant): Promise<Round> {
  const before = pids.map(cpuMicroseconds);
  const result = await load(url);
  const after = pids.map(cpuMicroseconds);
  return { ...result, cpuMicroseconds: after.map((spent, index) => Math.round((spent - (before[index] ?? 0)) / result.answered)) };
}

/** Linux: fields 14 and 15 of `/proc/PID/stat`, in hundredths of a second (proc(5)). Elsewhere not known. */
function cpuMicroseconds(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

const python = peersPython();
const contestants: Contestant[] = [];
const results = new Map<string, Round[]>();
try {
  for (const start of [bareNode, () => ours(python), () => underUvicorn(python, 'starlette'), () => underUvicorn(python, 'fastapi')]) {
    contestants.push(await start());
  }
  for (let round = 0; round < rounds; round++) {
    for (const each of contestants) results.set(each.name, [...(results.get(each.name) ?? []), await measure(each)]);
  }
} finally {
  await Promise.all(contestants.map((contestant) => contestant.stop()));
}

const rates = (name: string): number[] => (results.get(name) ?? []).map(({ requestsPerSecond }) => requestsPerSecond);
/** Within each round, because the rounds of a busy machine differ more than the contestants do; then the median of the rounds. */
const ratio = (peer: string): number => {
  const theirs = rates(peer);
  const each = rates('spell').map((ours, round) => ours / (theirs[round] ?? Number.NaN));
  return Math.round(median(each) * 100) / 100;
};
const range = (values: number[]): string => `${Math.min(...values)} – ${Math.max(...values)}`;
console.table(
  contestants.map(({ name }) => {
    const all = results.get(name) ?? [];
    return {
      'JSON echo': name,
      'requests/s (median)': median(rates(name)),
      range: range(rates(name)),
      'p50 ms': median(all.map(({ p50Ms }) => p50Ms)),
      'p99 ms': median(all.map(({ p99Ms }) => p99Ms)),
      'cpu µs/request': (all[0]?.cpuMicroseconds ?? [])
        .map((_, index) => median(all.map((each) => each.cpuMicroseconds[index] ?? 0)))
        .join(' + '),
      wrong: all.reduce((sum, { wrong }) => sum + wrong, 0),
    };
  }),
);
const ratios = { 'node:http': ratio('node:http'), starlette: ratio('starlette'), fastapi: ratio('fastapi') };
const limits = { 'node:http': 0.7, starlette: 1.5 };
console.log(
  `spell is ${ratios['node:http']} × node:http (at least 0.7), ${ratios.starlette} × Starlette (at least 1.5), ${ratios.fastapi} × FastAPI`,
);
console.log(JSON.stringify({ pinned: canPin, rounds, ratios, limits, results: Object.fromEntries(results) }));
if (ratios['node:http'] < limits['node:http'] || ratios.starlette < limits.starlette) process.exitCode = 1;
