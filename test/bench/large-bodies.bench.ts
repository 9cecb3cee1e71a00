import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../scripts/root.ts';
import { RealGateway } from '../harness/gateway.ts';
import { onCore } from './contestants/pinned.ts';
import { endWithUs, startProgram } from './contestants/program.ts';
import { median, Report } from './measure/report.ts';
import { rounds, tell } from './measure/rounds.ts';

// What bodies of 100 MiB cost the gateway: its peak memory (`VmHWM` of /proc/PID/status, proc(5); Linux only) above what it
// had before, with one and with four at once; and megabytes a second beside `node:http` that collects the body. A gateway of
// its own for each round, because the peak of a process never goes down.

const bodyBytes = 100 * 2 ** 20 - 2;
const atOnce = [1, 4];
const limitMiB = 64;

/** JSON is gathered in the worker before it begins; an async method reads a request's body as it comes. */
const kinds = {
  json: `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return len(payload) + 2
`,
  stream: `from starlette.requests import Request
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    async def predict(self, request: Request):
        size = 0
        async for part in request.stream():
            size += len(part)
        return size
`,
  answer: `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return bytes(${bodyBytes})
`,
};

const body = Buffer.alloc(bodyBytes, 'x');
body[0] = body[bodyBytes - 1] = '"'.charCodeAt(0);
const small = Buffer.from('"x"');

/** Sends it; the time, and what came. */
async function post(url: string, content: Buffer): Promise<{ ms: number; came: Buffer }> {
  const began = performance.now();
  const outgoing = request(url, { method: 'POST', agent: false, headers: { 'content-length': content.length } });
  outgoing.end(content);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  return { ms: performance.now() - began, came: Buffer.concat(pieces) };
}

function peakMiB(pid: number): number {
  return Number(/VmHWM:\s+([0-9]+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024;
}

/** How far the peak of a fresh gateway rises. */
async function rise(kind: keyof typeof kinds, count: number): Promise<{ riseMiB: number; ms: number }> {
  const gateway = await RealGateway.start({ gatewayPrefix: onCore(0, []), workerPrefix: onCore(1, []) });
  endWithUs(gateway.home);
  try {
    await gateway.revision(1, kinds[kind], { 'max-request-size': 2 * bodyBytes });
    await gateway.apply('bench', 1, { 1: 1 });
    await gateway.ready('bench', 1);
    const url = gateway.url('bench');
    if (kind !== 'answer') await post(url, small);
    const idle = peakMiB(gateway.pid);
    const content = kind === 'answer' ? small : body;
    const answers = await Promise.all(Array.from({ length: count }, () => post(url, content)));
    for (const { came } of answers) {
      const size = kind === 'answer' ? came.length : Number(came);
      if (size !== bodyBytes) throw new Error(`${kind}: ${size} bytes came instead of ${bodyBytes}`);
    }
    return { riseMiB: peakMiB(gateway.pid) - idle, ms: Math.max(...answers.map(({ ms }) => ms)) };
  } finally {
    await gateway.close();
  }
}

const here = join(root, 'test', 'bench', 'contestants');
const program = startProgram(
  onCore(0, [process.execPath, '--disable-warning=ExperimentalWarning', join(here, 'node-collecting.ts')]),
  {},
  here,
  'pipe',
);
const rises = new Map<string, number[]>();
const ratios: number[] = [];
const speeds: { node: number; spell: number }[] = [];
try {
  const stdout = program.child.stdout;
  if (!stdout) throw new Error('the peer has no output');
  const [nodeUrl] = (await once(createInterface(stdout), 'line')) as [string];
  for (let round = 0; round < rounds; round++) {
    const node = await post(nodeUrl, body);
    for (const kind of ['json', 'stream', 'answer'] as const) {
      for (const count of atOnce) {
        const { riseMiB, ms } = await rise(kind, count);
        const what = `${kind}, ${count} at once`;
        rises.set(what, [...(rises.get(what) ?? []), riseMiB]);
        if (kind !== 'stream' || count !== 1) continue;
        ratios.push(node.ms / ms);
        speeds.push({ node: bodyBytes / 1000 / node.ms, spell: bodyBytes / 1000 / ms });
      }
    }
    tell(`round ${round + 1}: ${[...rises].map(([what, values]) => `${what} ${Math.round(values.at(-1) ?? 0)} MiB`).join(', ')}`);
  }
} finally {
  await program.stop();
}

const report = new Report('large-bodies');
report.say(
  'Bodies (and one answer) of 100 MiB. `json` is gathered in the worker, `stream` is read by an async method as it comes, `answer` is `bytes` on their way back.',
);
report.table(
  ['MB/s, one body', 'median'],
  [
    ['node:http that collects it', median(speeds.map(({ node }) => node))],
    ['spell, to a predictor that streams it', median(speeds.map(({ spell }) => spell))],
    ['ratio within a round', median(ratios)],
  ],
);
for (const [what, values] of rises) {
  report.figure(`gateway's peak above idle: ${what}`, 'MiB', values, { atMost: limitMiB });
}
report.raw('speeds', speeds);
report.finish();
