import assert from 'node:assert/strict';
import { access, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Contents } from '../../runtime/control/store/contents.ts';
import { createLocalPlatform, type LocalPlatformOptions } from '../../runtime/platform/local/local-platform.ts';
import type { Platform } from '../../runtime/platform/platform.ts';
import { processesOfHome } from '../harness/processes.ts';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

/** A home of its own for one test, with the real gateway and workers, and what was said in it. */
export interface LocalPlace {
  home: string;
  shelf: Contents;
  said: string[];
  open(options?: Partial<LocalPlatformOptions>): Platform;
  close(): Promise<void>;
}

/** Makes a {@link LocalPlace}; `below` adds folders to its path. */
export async function makeLocalPlace(below = 'home'): Promise<LocalPlace> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'spell-place-')));
  const home = join(root, below);
  const shelf = await Contents.open(join(home, 'contents'));
  const said: string[] = [];
  const revived = join(root, 'revived');
  return {
    home,
    shelf,
    said,
    open: (options = {}) =>
      createLocalPlatform({
        home,
        version: 'test',
        source: shelf,
        host: '127.0.0.1',
        tls: { kind: 'off' },
        accessLog: false,
        gateway: [process.execPath, '--disable-warning=ExperimentalWarning', join(dist, 'gateway.js')],
        pythonFolder: join(dist, 'python'),
        controlPlane: { command: [process.execPath, '-e', `fs.writeFileSync(${JSON.stringify(revived)}, '')`], env: {}, cwd: root },
        env: process.env,
        say: (line) => said.push(line),
        ...options,
      }),
    close: async () => {
      const left = await processesOfHome(home);
      for (const { pid } of left) process.kill(pid, 'SIGKILL');
      const sockets = (await readdir(join(home, 'local'))).filter((name) => name.endsWith('.sock') || name.startsWith('gateway'));
      const wasRevived = await access(revived).then(
        () => true,
        () => false,
      );
      await rm(root, { recursive: true, force: true });
      assert.deepEqual(left, [], 'processes were left behind');
      assert.deepEqual(sockets, [], 'a socket, or the note of one, was left behind');
      assert.ok(!wasRevived, 'the gateway started a control plane although none had vanished');
    },
  };
}
