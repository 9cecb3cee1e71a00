import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { processesOfHome } from './processes.ts';

/** The command as people run it: the committed stub. */
export const spellStub: string = fileURLToPath(new URL('../../bin/spell.js', import.meta.url));

/** How a run of `spell` ended. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  input?: string;
  env?: Record<string, string>;
}

/** A home of its own for one test, with the real command, control plane, gateway and workers behind it. */
export interface TestHome {
  /** The `SPELL_HOME`. */
  home: string;
  /** An empty folder for the test's own files, outside the home. */
  folder: string;
  /** Runs `spell …` to its end. */
  spell(args: string[], options?: RunOptions): Promise<Ended>;
  /** Runs `spell …` and fails the test unless its exit status is 0. Returns stdout. */
  ok(args: string[], options?: RunOptions): Promise<string>;
  /** The JSON document of `spell … -o json`. */
  json<T>(args: string[], options?: RunOptions): Promise<T>;
  /** Stops everything and checks that no process of this home is left. */
  close(): Promise<void>;
}

/** Makes a {@link TestHome}; the caller closes it (`after(() => home.close())`). */
export async function makeHome(): Promise<TestHome> {
  const place = await realpath(await mkdtemp(join(tmpdir(), 'spell-test-')));
  const home = join(place, 'home');
  const folder = place;

  const spell = async (args: string[], { cwd = folder, input, env = {} }: RunOptions = {}): Promise<Ended> => {
    const child = spawn(process.execPath, [spellStub, ...args], {
      cwd,
      env: { ...cleanEnvironment(), SPELL_HOME: home, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const [stdout, stderr, status] = await Promise.all([
      text(child.stdout as Readable),
      text(child.stderr as Readable),
      new Promise<number | null>((resolve) => child.on('close', resolve)),
    ]);
    return { status, stdout, stderr };
  };
  const ok = async (args: string[], options?: RunOptions): Promise<string> => {
    const ended = await spell(args, options);
    assert.equal(ended.status, 0, `spell ${args.join(' ')} ended with ${ended.status}\n${ended.stdout}${ended.stderr}`);
    return ended.stdout;
  };
  return {
    home,
    folder,
    spell,
    ok,
    json: async <T>(args: string[], options?: RunOptions) => JSON.parse(await ok([...args, '-o', 'json'], options)) as T,
    close: async () => {
      const ended = await spell(['down']);
      const left = await processesOfHome(home);
      for (const { pid } of left) process.kill(pid, 'SIGKILL');
      await rm(place, { recursive: true, force: true });
      assert.equal(ended.status, 0, `spell down ended with ${ended.status}: ${ended.stderr}`);
      assert.deepEqual(left, [], 'processes were left behind');
    },
  };
}

/** The environment of a person who has nothing of ours set. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(SPELL_|VIRTUAL_ENV$|NODE_TEST)/.test(name)));
}
