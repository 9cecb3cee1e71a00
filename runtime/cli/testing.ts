import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { homeLayout } from '../api/home.ts';
import { version } from '../api/version.ts';
import { run } from './run.ts';

/** How a run of the command ended. */
export interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  input?: string;
  signal?: AbortSignal;
}

/** The command in a folder of its own, with a home and a working directory, and no program behind it. */
export interface TestCommand {
  home: string;
  cwd: string;
  spell(args: readonly string[], options?: RunOptions): Promise<Ended>;
}

/** Makes a {@link TestCommand}; its folder is removed after the test. */
export async function makeCommand(context: TestContext): Promise<TestCommand> {
  const cwd = await realpath(await mkdtemp(join(tmpdir(), 'spell-command-')));
  context.after(() => rm(cwd, { recursive: true, force: true }));
  const home = join(cwd, '.spell');
  return {
    home,
    cwd,
    async spell(args, { env = {}, input = '', signal = new AbortController().signal } = {}) {
      const [stdout, stderr] = [new Collected(), new Collected()];
      const status = await run(args, {
        streams: { stdin: Readable.from([input]), stdout, stderr },
        env: { PATH: process.env.PATH, SPELL_HOME: home, ...env },
        cwd,
        programs: { spelld: join(cwd, 'no-spelld.js'), node: process.execPath },
        interruption: () => signal,
        takeSignals: () => () => {},
      });
      return { status, stdout: stdout.text, stderr: stderr.text };
    },
  };
}

class Collected extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A request as the fake control plane sees it. */
export interface Asked {
  method: string;
  path: string;
  body: unknown;
}

type Answer = (asked: Asked, response: ServerResponse) => unknown;

/** A control plane of answers: `METHOD /path` below `/api/v1` to a value, or to a function that answers itself. */
export interface FakeControlPlane {
  answers: Record<string, unknown>;
  asked: Asked[];
  url: string;
  /** Ends every open connection. */
  cut(): void;
  close(): void;
}

/** Starts a {@link FakeControlPlane} as the running one of a home; it ends after the test. */
export async function fakeControlPlane(
  context: TestContext,
  home: string,
  answers: Record<string, unknown> = {},
): Promise<FakeControlPlane> {
  const asked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '', 'http://x');
    const body = await text(request);
    const one = { method: request.method ?? '', path: pathname.replace('/api/v1', ''), body: body === '' ? undefined : tryJson(body) };
    asked.push(one);
    const found = plane.answers[`${one.method} ${one.path}`];
    if (typeof found === 'function') return void (await (found as Answer)(one, response));
    if (found === undefined) return void response.writeHead(404).end(`{"error":{"code":"not-found","message":"nothing at ${one.path}"}}`);
    response.end(JSON.stringify(found));
  };
  const server = createServer((request, response) => void answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  context.after(close);
  const status = {
    version,
    apiUrl: url,
    gatewayUrl: url,
    metricsUrl: `${url}/metrics`,
    processes: { spelld: 0, gateway: null },
    home,
    disk: 0,
  };
  const plane: FakeControlPlane = {
    answers: { 'GET /status': status, ...answers },
    asked,
    url,
    cut: () => server.closeAllConnections(),
    close,
  };
  await mkdir(home, { recursive: true });
  await writeFile(homeLayout(home).spelldFile, JSON.stringify(status));
  await writeFile(homeLayout(home).tokenFile, 'token');
  return plane;
}

function tryJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
