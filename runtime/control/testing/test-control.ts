import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { homeLayout } from '../../api/home.ts';
import { digestOf } from '../../api/manifest.ts';
import type { CodeSnapshot, Manifest, Status } from '../../api/objects.ts';
import { ControlPlane } from '../control-plane.ts';
import { apiBase, createApp } from '../http/app.ts';
import { processHandlers } from '../http/handlers/process.ts';
import { Leases } from '../process/leases.ts';
import { Contents } from '../store/contents.ts';
import { openDatabase } from '../store/database.ts';
import { Store } from '../store/store.ts';
import { FakePlatform } from './fake-platform.ts';

export const testToken = 'the-test-token';
export const testHost = '127.0.0.1:4000';

/** What a route answered. */
export interface Answered<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** A control plane in a temporary home, with a fake platform and without a socket. */
export interface TestControl {
  home: string;
  platform: FakePlatform;
  control: ControlPlane;
  store: Store;
  contents: Contents;
  said: string[];
  /** Sends a request with the token and a right `Host`. A body that is not bytes goes as JSON. */
  call<T = unknown>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered<T>>;
  /** The answer of a stream, as it comes. */
  stream(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Sends files and returns their manifest. */
  send(files: Record<string, string>): Promise<Manifest>;
  /** A snapshot of code, sent. */
  code(files: Record<string, string>): Promise<CodeSnapshot>;
  /** Lets everything that was begun come to its end; no time passes. */
  settle(): Promise<void>;
  /** Ends this control plane; the home stays, for another one. */
  end(): Promise<void>;
}

export async function makeTestControl(
  t: Pick<TestContext, 'after'>,
  options: { home?: string; platform?: FakePlatform; now?: () => Date } = {},
): Promise<TestControl> {
  const home = options.home ?? (await makeFolder(t));
  const { database: file, contents: contentsFolder, metrics } = homeLayout(home);
  const { database } = openDatabase(file, new Date());
  const store = new Store(database, home);
  const contents = await Contents.open(contentsFolder);
  const platform = options.platform ?? new FakePlatform();
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const author = { now: options.now ?? (() => new Date()), creator: 'ada' };
  const control = new ControlPlane({ store, contents, platform, author, metricsFile: metrics, say });
  const closing = new AbortController();
  const app = createApp({
    token: testToken,
    allowedHosts: () => new Set([testHost]),
    handlers: {
      ...control.handlers,
      ...processHandlers({ status: async () => ({ home }) as Status, shutdown: () => {}, leases: new Leases(() => {}) }),
    },
    metrics: () => platform.metrics(),
    say,
    ending: () => false,
    closing: closing.signal,
  });
  const send = async (method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Response> => {
    const encoded = body === undefined ? null : typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    const init = { method, headers: { host: testHost, authorization: `Bearer ${testToken}`, ...headers }, body: encoded as string | null };
    return app.request(path.startsWith('/metrics') ? path : apiBase + path, init);
  };
  let ended = false;
  const end = async (): Promise<void> => {
    if (ended) return;
    ended = true;
    closing.abort();
    await control.stop('keep');
    database.close();
  };
  t.after(end);
  control.start();
  await settle();
  const made: TestControl = {
    home,
    platform,
    control,
    store,
    contents,
    said,
    call: async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const response = await send(method, path, body, headers);
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json');
      return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
    },
    stream: (path, headers = {}) => send('GET', path, undefined, headers),
    send: async (files) => {
      const manifest = Object.entries(files).map(([path, text]) => ({ path, size: Buffer.byteLength(text), digest: digestOf(text) }));
      for (const text of Object.values(files)) {
        assert.equal((await send('PUT', `/contents/${digestOf(text)}`, Buffer.from(text), {})).status, 201);
      }
      return manifest;
    },
    code: async (files) => ({ entrypoint: Object.keys(files)[0] ?? '', files: await made.send(files) }),
    settle,
    end,
  };
  return made;
}

/** A folder that is gone after the test. */
export async function makeFolder(t: Pick<TestContext, 'after'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spell-control-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Several turns of the event loop: promises, microtasks and immediates all come to run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
