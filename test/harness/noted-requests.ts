import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The requests that a control plane has got so far, in order, as `GET /model-servers`. */
export type NotedRequests = () => Promise<string[]>;

/**
 * Starts the built `spelld` in a home that has none, with a file beside it in which its API's requests are counted; it ends with
 * the home, as any other. Resolves when it is ready.
 */
export async function startNotedControlPlane(home: string, env: NodeJS.ProcessEnv): Promise<NotedRequests> {
  const file = join(home, '..', 'requests.log');
  const program = [beside('note-requests.ts'), beside('../../dist/spelld.js')] as const;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', ...program], {
    env: { ...env, SPELL_HOME: home, TEST_REQUESTS_FILE: file },
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const told = child.stdio[3] as Readable;
  const [line] = (await once(told, 'data')) as [Buffer];
  if (!line.toString().startsWith('{"ready"')) throw new Error(`the control plane did not start: ${line}`);
  told.destroy();
  child.unref();
  return async () => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return text.replaceAll('/api/v1/', '/').split('\n').slice(0, -1);
  };
}
