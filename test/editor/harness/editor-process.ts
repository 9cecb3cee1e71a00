import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CodeServer } from '../../../scripts/testing/editor/code-server.ts';
import type { Place } from './place.ts';

/** A code-server that listens. */
export interface EditorProcess {
  /** Where pages are had; `localhost`, because webviews work only on a host that browsers take for safe. */
  origin: string;
  /** What it has printed. */
  output(): string;
  /** Ends it with everything in its process group. */
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000;
/** How long an editor that was asked to end may take before it is killed. */
const stopTimeoutMs = 8_000;

/**
 * Starts a code-server for one window. Without the smoke-test driver, which is always on, an editor silently ignores
 * that a page asks it to run tests.
 */
export async function startEditor({ node, entry }: CodeServer, place: Place, trusted: boolean): Promise<EditorProcess> {
  const args = [
    ...['--bind-addr', '127.0.0.1:0', '--auth', 'none', '--config', place.config],
    ...['--user-data-dir', place.userData, '--extensions-dir', place.extensions],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--ignore-last-opened'],
    ...['--vscode-option', 'enable-smoke-test-driver'],
    ...(trusted ? ['--disable-workspace-trust'] : []),
  ];
  // A group of its own: the extension host and its children are the editor's grandchildren.
  const child = spawn(node, [entry, ...args], { env: place.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  try {
    const port = await portOf(child, () => output);
    return { origin: `http://localhost:${port}`, output: () => output, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

async function portOf(child: ChildProcess, output: () => string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(() => reject(new Error(`code-server did not listen in time; it printed:\n${output()}`)), startTimeoutMs);
  child.stdout?.on('data', () => {
    const port = /HTTP server listening on http:\/\/127\.0\.0\.1:([0-9]+)/.exec(output())?.[1];
    if (port) resolve(port);
  });
  child.once('error', reject);
  child.once('exit', (status) => reject(new Error(`code-server ended with status ${status}; it printed:\n${output()}`)));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), stopTimeoutMs);
  await exited;
  clearTimeout(timer);
  signalGroup(child, 'SIGKILL');
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
}
