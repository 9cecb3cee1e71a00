import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { root } from '../../../scripts/root.ts';
import { developmentPython } from '../../../scripts/testing/development-python.ts';
import { RealGateway } from '../../harness/gateway.ts';

const project = fileURLToPath(new URL('./project', import.meta.url));

/** How an endpoint is run by us: by which predictor of the project, and whether in batches. */
export const ways = {
  async: { entrypoint: 'async_predictor.py', settings: {} },
  plain: { entrypoint: 'plain_predictor.py', settings: {} },
  batched: { entrypoint: 'batched_predictor.py', settings: { 'enable-batching': true } },
  'batched-plain': { entrypoint: 'batched_plain_predictor.py', settings: { 'enable-batching': true } },
} as const;
export type Way = keyof typeof ways;

/** The same endpoints twice: behind our gateway, and under plain Starlette and uvicorn. */
export interface Places {
  /** The model server's address, without its verb. */
  ours(way: Way): string;
  starlette(way: Way): string;
  close(): Promise<void>;
}

/** Starts both; it is for the caller to close them. */
export async function startPlaces(): Promise<Places> {
  const [gateway, reference] = await Promise.all([startOurs(), startStarlette()]);
  return {
    ours: (way) => gateway.url(way).replace(/\/predict$/, ''),
    starlette: (way) => `http://127.0.0.1:${reference.port}/local/${way}`,
    close: async () => {
      await Promise.all([gateway.close(), reference.close()]);
    },
  };
}

async function startOurs(): Promise<RealGateway> {
  const gateway = await RealGateway.start();
  await Promise.all(
    Object.entries(ways).map(async ([name, { entrypoint, settings }], at) => {
      await gateway.revisionOf(at + 1, project, entrypoint, settings);
      await gateway.apply(name, at + 1, { [at + 1]: 1 });
      await gateway.ready(name, at + 1);
    }),
  );
  return gateway;
}

/** With the Starlette that we ship. */
async function startStarlette(): Promise<{ port: number; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'spell-starlette-'));
  await cp(project, folder, { recursive: true });
  const child = spawn(developmentPython(), ['reference.py', ...Object.keys(ways)], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, PYTHONPATH: join(root, 'dist', 'python', 'vendor'), PYTHONDONTWRITEBYTECODE: '1' },
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    port: Number(line),
    close: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
