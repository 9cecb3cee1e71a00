import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../../../runtime/api/settings.ts';
import { root } from '../../../scripts/root.ts';
import { RealGateway } from '../../harness/gateway.ts';
import { type Contestant, maxBatchSize, payload, type Running, type Work } from './contestant.ts';
import { onCore } from './pinned.ts';
import { endWithUs } from './program.ts';

const echo = `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return payload
`;

const batches = `

from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payloads):
        run([payload["id"] for payload in payloads])
        return payloads
`;

/** The built gateway on core 0, with one real worker on core 1, beside the load generator. */
export const spell: Contestant = { name: 'spell', start: (work) => startSpell(work) };

/** The same with more settings; `gateway` is for those who do more with it than asking it for predictions. */
export async function startSpell(work: Work, more: Settings = {}): Promise<Running & { gateway: RealGateway }> {
  const gateway = await RealGateway.start({ gatewayPrefix: onCore(0, []), workerPrefix: onCore(1, []) });
  endWithUs(gateway.home);
  const settings: Settings = {
    ...(work.kind === 'batches' && { 'max-batch-size': maxBatchSize }),
    ...(work.maxWaiting !== undefined && { 'max-queue': work.maxWaiting }),
    ...more,
  };
  await gateway.revision(1, await predictorOf(work), settings);
  await gateway.apply('bench', 1, { 1: 1 });
  await gateway.ready('bench', 1);
  const workers = gateway.observe('bench', 1)?.pods[0]?.workers.map(({ pid }) => pid) ?? [];
  return { url: gateway.url('bench'), body: payload, pids: [gateway.pid, ...workers], stop: () => gateway.close(), gateway };
}

async function predictorOf({ kind, seenFile }: Work): Promise<string> {
  if (kind === 'echo') return echo;
  const workload = await readFile(join(root, 'test', 'bench', 'peers', 'workload.py'), 'utf8');
  // A worker gets none of the benchmark's environment.
  return workload.replace('os.environ.get("BENCH_SEEN")', JSON.stringify(seenFile ?? '')) + batches;
}
