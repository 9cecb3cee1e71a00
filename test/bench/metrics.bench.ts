import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { MetricsPoint } from '../../runtime/api/objects.ts';
import { Connections } from '../harness/connections.ts';
import { makeHome } from '../harness/home.ts';
import { endWithUs } from './contestants/program.ts';
import { Report } from './measure/report.ts';
import { quick } from './measure/rounds.ts';

// Whether what is told of a hundred thousand requests, over three pods of two workers, is what the client itself counted and measured,
// and whether it still counts the same over a rollout. Calls take long beside what the way to the client adds, and no two the same, so
// that answers do not come in bursts; durations are compared before the rollout, whose starting workers leave no processor for the client.

const requests = quick ? 5_000 : 100_000;
const requestsMeanwhile = requests / 10;
/** Two looks of the history's. */
const notedAfterMs = 12_000;
const predictor = `import asyncio
import random

from spell.serving import BasePredictor


class Predictor(BasePredictor):
    async def predict(self, payload):
        await asyncio.sleep(random.uniform(0.16, 0.48))
        if payload % 100 == 99:
            raise ValueError(payload)
        return payload
`;

const home = await makeHome();
endWithUs(home.home);
await writeFile(join(home.folder, 'predictor.py'), predictor);
const url = (await home.ok(['server', 'serve', '--name', 'counted', '--min-pods', '3', '--num-processes', '2', 'predictor.py'])).trim();
await pause(notedAfterMs);
const connections = new Connections();
const latencies: number[] = [];
let sent = 0;
let failed = 0;
async function client(until: number): Promise<void> {
  while (sent < until) {
    const number = sent++;
    const began = performance.now();
    const { status } = await connections.post(url, number);
    latencies.push(performance.now() - began);
    if (status !== 200) failed++;
  }
}
const clients = (until: number): Promise<unknown> => Promise.all(Array.from({ length: 128 }, () => client(until)));
const told = (): Promise<MetricsPoint[]> => home.json(['server', 'metrics', 'counted', '--range', '1h', '--step', '1h']);

await clients(requests);
const measured = latencies.toSorted((a, b) => a - b);
await pause(notedAfterMs);
/** An hour may end within the run; then the longer part speaks. */
const longest = (await told()).toSorted((a, b) => b.requests - a.requests)[0];

await Promise.all([clients(requests + requestsMeanwhile), home.ok(['server', 'update', 'counted', '--env', 'REVISION=2'])]);
connections.close();
await pause(notedAfterMs);
const points = await told();
const sum = (key: 'requests' | 'failed'): number => points.reduce((all, point) => all + point[key], 0);

const report = new Report('metrics');
report.say(
  `${requests.toLocaleString('en-US')} requests by 128 clients, then ${requestsMeanwhile.toLocaleString('en-US')} during a rollout.`,
);
report.figure('requests that are told too many or too few', '', [sum('requests') - sent], { exactly: 0 });
report.figure('failed ones', '', [sum('failed') - failed], { exactly: 0 });
for (const [part, key] of [
  [0.5, 'p50Ms'],
  [0.9, 'p90Ms'],
  [0.95, 'p95Ms'],
  [0.99, 'p99Ms'],
] as const) {
  const own = measured[Math.ceil(part * measured.length) - 1] ?? Number.NaN;
  const name = `p${part * 100}`;
  report.figure(`${name}, beside the client’s own`, '% off', [Math.abs((longest?.[key] ?? Number.NaN) / own - 1) * 100], { atMost: 2 });
  report.raw(name, { clients: own, told: longest?.[key] });
}
await home.close();
report.finish();
