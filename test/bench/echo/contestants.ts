import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Settings } from '../../../runtime/api/settings.ts';
import { root } from '../../../scripts/root.ts';
import { RealGateway } from '../../harness/gateway.ts';
import { onCore } from './pinned.ts';

/** Something that echoes JSON over HTTP, running. */
export interface Contestant {
  name: string;
  url: string;
  /** The processes that answer: the whole peer, or our gateway and its worker. */
  pids: number[];
  stop(): Promise<void>;
}

const predictor = `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return payload
`;

const here = join(root, 'test', 'bench', 'echo');

/** `node:http` and nothing else, on core 0. */
export function bareNode(): Promise<Contestant> {
  return nodeContestant('node:http', join(here, 'bare-node.ts'));
}

/** A server in Node that prints its URL, on core 0. */
export async function nodeContestant(name: string, file: string): Promise<Contestant> {
  const child = run(onCore(0, [process.execPath, '--disable-warning=ExperimentalWarning', file]), 'pipe');
  return { name, url: await firstLine(child.stdout as Readable), pids: [child.pid ?? 0], stop: () => end(child) };
}

/** An application of `peers.py` under uvicorn, with uvloop and httptools, one process on core 0. */
export async function underUvicorn(python: string, application: 'starlette' | 'fastapi'): Promise<Contestant> {
  const port = await freePort();
  const options = ['--port', String(port), '--no-access-log', '--log-level', 'warning', '--app-dir', here];
  const child = run(onCore(0, [python, '-m', 'uvicorn', `peers:${application}`, ...options]), 'inherit');
  const url = `http://127.0.0.1:${port}/predict`;
  await answers(url);
  return { name: application, url, pids: [child.pid ?? 0], stop: () => end(child) };
}

/** The built gateway on core 0, with one real worker on core 1, beside the load generator. */
export function ours(python: string): Promise<Contestant> {
  return spellContestant(python, predictor, {});
}

/** The same for another predictor. */
export async function spellContestant(python: string, source: string, settings: Settings): Promise<Contestant> {
  const gateway = await RealGateway.start({ python, gatewayPrefix: onCore(0, []), workerPrefix: onCore(1, []) });
  await gateway.revision(1, source, settings);
  await gateway.apply('bench', 1, { 1: 1 });
  await gateway.ready('bench', 1);
  const workers = gateway.observe('bench', 1)?.pods[0]?.workers.map(({ pid }) => pid) ?? [];
  return { name: 'spell', url: gateway.url('bench'), pids: [gateway.pid, ...workers], stop: () => gateway.close() };
}

function run(command: string[], stdout: 'pipe' | 'inherit'): ChildProcess {
  return spawn(...split(command), { stdio: ['ignore', stdout, 'inherit'] });
}

function split([program = '', ...args]: string[]): [string, string[]] {
  return [program, args];
}

async function firstLine(stream: Readable): Promise<string> {
  let text = '';
  for await (const piece of stream) {
    text += String(piece);
    if (text.includes('\n')) break;
  }
  return text.slice(0, text.indexOf('\n'));
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Waits for the first right answer, 20 s at most. */
async function answers(url: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const status = await fetch(url, { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } }).then(
      async (answer) => {
        await answer.text();
        return answer.status;
      },
      () => 0,
    );
    if (status === 200) return;
    if (performance.now() > deadline) throw new Error(`${url} answers ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
