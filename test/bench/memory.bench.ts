import { setTimeout as pause } from 'node:timers/promises';
import { startSpell } from './contestants/spell.ts';
import { runLoad } from './load/run-load.ts';
import { memoryMiB } from './measure/processes.ts';
import { Report } from './measure/report.ts';
import { quick, tell } from './measure/rounds.ts';

// Whether a gateway and a worker that have answered half a million requests grow with the next million.
// `SPELL_BENCH_MEMORY=0.1` sends a tenth of them.

const factor = Number(process.env.SPELL_BENCH_MEMORY ?? (quick ? 0.02 : 1));
const warmupRequests = Math.round(500_000 * factor);
const requests = Math.round(1_000_000 * factor);
const growthLimitMb = 10;
/** What a process gives back it does soon after the load. */
const settleMs = quick ? 1_000 : 5_000;

const running = await startSpell({ kind: 'echo' });
const [gateway = 0, worker = 0] = running.pids;
const sizes: Record<'gateway' | 'worker', { rss: number; pss: number }>[] = [];
let wrong = 0;
async function look(): Promise<void> {
  await pause(settleMs);
  sizes.push({ gateway: memoryMiB(gateway), worker: memoryMiB(worker) });
}
try {
  await look();
  for (const count of [warmupRequests, requests / 2, requests / 2]) {
    const result = await runLoad({ url: running.url, body: running.body, loop: { kind: 'count', connections: 32, requests: count } });
    wrong += result.wrong;
    await look();
    tell(`${count.toLocaleString('en-US')} requests, ${result.requestsPerSecond} a second`);
  }
} finally {
  await running.stop();
}

const moments = ['fresh', 'after the warm-up', 'after half of the measured requests', 'after all of them'];
const report = new Report('memory');
report.say(`${warmupRequests.toLocaleString('en-US')} requests to warm up, then ${requests.toLocaleString('en-US')}, 32 clients.`);
report.table(
  ['MiB', 'gateway, RSS', 'gateway, PSS', 'worker, RSS', 'worker, PSS'],
  sizes.map((size, index) => [moments[index] ?? '', size.gateway.rss, size.gateway.pss, size.worker.rss, size.worker.pss]),
);
for (const name of ['gateway', 'worker'] as const) {
  const grownMb = (((sizes[3]?.[name].rss ?? Number.NaN) - (sizes[1]?.[name].rss ?? Number.NaN)) * 2 ** 20) / 1e6;
  report.figure(`${name}, growth of its resident memory`, 'MB', [grownMb], { atMost: growthLimitMb });
}
report.figure('wrong answers', '', [wrong], { exactly: 0 });
report.raw('sizes', sizes);
report.finish();
