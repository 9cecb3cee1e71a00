import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { MetricsPoint } from '../../runtime/api/objects.ts';
import { Connections } from '../harness/connections.ts';
import { makeHome } from '../harness/home.ts';
import { endWithUs } from './contestants/program.ts';
import { Report } from './measure/report.ts';
import { quick } from './measure/rounds.ts';

// Whether what is told of a hundred thousand requests, over three pods of two workers and a rollout, is what the client
// itself counted and measured. Calls take long beside what the way to the client adds, and what keeps a busy client from noticing an answer.

const requests = quick ? 5_000 : 100_000;
/** Two looks of the history's. */
const notedAfterMs = 12_000;
const predictor = `import asyncio

from spell.serving import BasePredictor


class Predictor(BasePredictor):
    async def predict(self, payload):
        await asyncio.sleep((160 + 4 * (payload % 80)) / 1000)
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
async function client(): Promise<void> {
  while (sent < requests) {
    const number = sent++;
    const began = performance.now();
    const { status } = await connections.post(url, number);
    latencies.push(performance.now() - began);
    if (status !== 200) failed++;
  }
}
const loading = Promise.all(Array.from({ length: 128 }, client));
await home.ok(['server', 'update', 'counted', '--env', 'REVISION=2']);
await loading;
connections.close();
latencies.sort((a, b) => a - b);
await pause(notedAfterMs);

const query = ['--range', '1h', '--step', '1h'];
const points = await home.json<MetricsPoint[]>(['server', 'metrics', 'counted', ...query]);
const told = (key: 'requests' | 'failed'): number => points.reduce((sum, point) => sum + point[key], 0);
/** An hour may end within the run; then the longer part speaks. */
const whole = points.toSorted((a, b) => b.requests - a.requests)[0];
const deviation = (ours: number | null | undefined, theirs: number): number => Math.abs((ours ?? Number.NaN) / theirs - 1) * 100;

const report = new Report('metrics');
report.say(`${sent.toLocaleString('en-US')} requests by 128 clients, a rollout meanwhile.`);
report.figure('requests that are told too many or too few', '', [told('requests') - sent], { exactly: 0 });
report.figure('failed ones', '', [told('failed') - failed], { exactly: 0 });
for (const [name, part, key] of [
  ['p50', 0.5, 'p50Ms'],
  ['p90', 0.9, 'p90Ms'],
  ['p95', 0.95, 'p95Ms'],
  ['p99', 0.99, 'p99Ms'],
] as const) {
  const clients = latencies[Math.ceil(part * latencies.length) - 1] ?? Number.NaN;
  report.figure(`${name}, beside the client’s own`, '% off', [deviation(whole?.[key], clients)], { atMost: 2 });
  report.raw(name, { clients, told: whole?.[key] });
}
await home.close();
report.finish();
