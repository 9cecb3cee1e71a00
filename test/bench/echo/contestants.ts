import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { withDefaults } from '../../../runtime/api/settings.ts';
import type { GatewayServer } from '../../../runtime/serving/admin.ts';
import type { GatewayOptions, GatewayReadiness } from '../../../runtime/serving/gateway-options.ts';
import { root } from '../../../scripts/root.ts';
import { onCore } from './pinned.ts';

/** Something that echoes JSON over HTTP, running. */
export interface Contestant {
  name: string;
  url: string;
  stop(): Promise<void>;
}

const here = join(root, 'test', 'bench', 'echo');

/** `node:http` and nothing else, on core 0. */
export async function bareNode(): Promise<Contestant> {
  const child = run(onCore(0, [process.execPath, '--disable-warning=ExperimentalWarning', join(here, 'bare-node.ts')]), 'pipe');
  return { name: 'node:http', url: await firstLine(child.stdout as Readable), stop: () => end(child) };
}

/** An application of `peers.py` under uvicorn, with uvloop and httptools, one process on core 0. */
export async function underUvicorn(python: string, application: 'starlette' | 'fastapi'): Promise<Contestant> {
  const port = await freePort();
  const options = ['--port', String(port), '--no-access-log', '--log-level', 'warning', '--app-dir', here];
  const child = run(onCore(0, [python, '-m', 'uvicorn', `peers:${application}`, ...options]), 'inherit');
  const url = `http://127.0.0.1:${port}/predict`;
  await answers(url);
  return { name: application, url, stop: () => end(child) };
}

/** The built gateway on core 0, with one real worker on core 1, beside the load generator. */
export async function ours(python: string): Promise<Contestant> {
  const home = await mkdtemp(join(tmpdir(), 'spell-echo-'));
  const project = join(home, 'project');
  await mkdir(join(home, 'empty'));
  await mkdir(project);
  await writeFile(
    join(project, 'predictor.py'),
    'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return payload\n',
  );
  const adminSocket = join(home, 'gateway.sock');
  const gateway = spawn(...split(onCore(0, [process.execPath, join(root, 'dist', 'gateway.js')])), {
    stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
    env: { PATH: process.env.PATH, SPELL_HOME: home, SPELL_PROCESS: 'gateway' },
  });
  const options: GatewayOptions = {
    home,
    version: 'bench',
    host: '127.0.0.1',
    port: 0,
    adminSocket,
    podLogs: join(home, 'pods'),
    logFile: join(home, 'gateway.log'),
    controlPlane: { command: ['true'], env: {}, cwd: home },
  };
  gateway.stdin?.end(JSON.stringify(options));
  const told = JSON.parse(await firstLine(gateway.stdio[3] as Readable)) as GatewayReadiness;
  if ('error' in told) throw new Error(told.error.message);
  const watch = request({ socketPath: adminSocket, path: '/watch' });
  watch.on('error', () => {});
  watch.end();
  const dist = join(root, 'dist', 'python');
  const desired: GatewayServer = {
    owner: 'local',
    name: 'echo',
    serving: 1,
    stopped: false,
    revisions: [
      {
        revision: 1,
        pods: 1,
        settings: withDefaults({}),
        launch: {
          command: onCore(1, [python, join(dist, 'spell', 'worker', '__main__.py')]),
          env: { PATH: process.env.PATH ?? '' },
          cwd: project,
          start: {
            owner: 'local',
            server: 'echo',
            revision: 1,
            root: project,
            entrypoint: 'predictor.py',
            classname: null,
            models: [],
            modelFolder: null,
            mountsFolder: null,
            paths: 'rewrite',
            emptyFolder: join(home, 'empty'),
            config: null,
            vendorFolder: join(dist, 'vendor'),
            debug: false,
          },
        },
      },
    ],
  };
  const put = request({ socketPath: adminSocket, method: 'PUT', path: '/servers/local/echo' });
  put.end(JSON.stringify(desired));
  await once(put, 'response');
  const url = `${told.ready.url}/local/echo/predict`;
  await answers(url);
  return {
    name: 'spell',
    url,
    stop: async () => {
      const stop = request({ socketPath: adminSocket, method: 'POST', path: '/stop' });
      stop.on('error', () => {});
      stop.end();
      if (gateway.exitCode === null) await once(gateway, 'exit');
      watch.destroy();
      await rm(home, { recursive: true, force: true });
    },
  };
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
