import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../../scripts/root.ts';
import { nodeContestant, spellContestant } from './echo/contestants.ts';
import type { LoadPlan, LoadResult } from './echo/load-generator.ts';
import { canPin, onCore } from './echo/pinned.ts';
import { median } from './report.ts';

// Batches under the policy `adaptive`, by a cost model: a batch of N takes 10 ms + 0.5 ms × N, at most 32 a batch. No
// batching can answer more than 32 requests in 26 ms. A lone client is compared with `node:http` that sleeps as long.

const rounds = 5;
const maxBatchSize = 32;
const limitPerSecond = maxBatchSize / (0.01 + 0.0005 * maxBatchSize);
const body = '{"values":[5.1,3.5,1.4,0.2],"name":"setosa","id":17}';

const predictor = `import time
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        time.sleep(0.01 + 0.0005 * len(payload))
        return payload
`;

async function load(url: string, connections: number): Promise<LoadResult> {
  const plan: LoadPlan = { url, body, connections, warmupMs: 1000, durationMs: 3000 };
  const generator = join(root, 'test', 'bench', 'echo', 'load-generator.ts');
  const [program = '', ...args] = onCore(1, [process.execPath, '--disable-warning=ExperimentalWarning', generator, JSON.stringify(plan)]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(await text(child.stdout)) as LoadResult;
}

const bare = await nodeContestant('node:http, sleeping', join(root, 'test', 'bench', 'batching', 'sleeping-node.ts'));
const spell = await spellContestant('python3', predictor, { 'max-batch-size': maxBatchSize });
const full: LoadResult[] = [];
const lone: { spell: LoadResult; bare: LoadResult }[] = [];
try {
  for (let round = 0; round < rounds; round++) {
    full.push(await load(spell.url, 64));
    // After the load, on purpose: a lone client must not feel what was before it.
    lone.push({ spell: await load(spell.url, 1), bare: await load(bare.url, 1) });
  }
} finally {
  await Promise.all([spell.stop(), bare.stop()]);
}

const rate = median(full.map(({ requestsPerSecond }) => requestsPerSecond));
const ofLimit = Math.round((rate / limitPerSecond) * 1000) / 1000;
const p99 = median(full.map(({ p99Ms }) => p99Ms));
const added = Math.round(median(lone.map((each) => each.spell.p50Ms - each.bare.p50Ms)) * 1000) / 1000;
const wrong = [...full, ...lone.flatMap((each) => [each.spell, each.bare])].reduce((sum, each) => sum + each.wrong, 0);
console.table([
  { what: '64 clients, requests/s', median: rate, 'of the limit': ofLimit, wanted: '≥ 0.95 of the limit' },
  { what: '64 clients, p99 ms', median: p99, wanted: '≤ 65' },
  { what: 'lone client, p50 ms', median: median(lone.map((each) => each.spell.p50Ms)), wanted: '' },
  { what: 'lone client of node:http, p50 ms', median: median(lone.map((each) => each.bare.p50Ms)), wanted: '' },
  { what: 'lone client, p50 ms above node:http', median: added, wanted: '≤ 0.6' },
]);
console.log(JSON.stringify({ pinned: canPin, rounds, limitPerSecond: Math.round(limitPerSecond), ofLimit, p99, added, wrong, full, lone }));
if (ofLimit < 0.95 || p99 > 65 || added > 0.6 || wrong > 0) process.exitCode = 1;
