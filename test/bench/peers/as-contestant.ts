import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/root.ts';
import { freePort } from '../../harness/free-port.ts';
import { type Contestant, payload } from '../contestants/contestant.ts';
import { onCore } from '../contestants/pinned.ts';
import { answers, startProgram } from '../contestants/program.ts';
import { firstInnocent, idPlace } from '../load/plan.ts';
import { installed } from './installed.ts';
import type { Peer } from './peer.ts';

/** The slowest of them needs about twenty seconds on two cores. */
const startMs = 120_000;

/** A peer, to be measured beside others. What it prints is in `dist/bench/logs`. */
export function asContestant(peer: Peer): Contestant {
  return {
    name: peer.name,
    start: async (work) => {
      const bin = installed(peer);
      const port = await freePort();
      const folder = mkdtempSync(join(tmpdir(), 'bench-'));
      const logs = join(root, 'dist', 'bench', 'logs');
      mkdirSync(logs, { recursive: true });
      const log = join(logs, `${peer.name.toLowerCase().replaceAll(' ', '-')}.log`);
      const env = {
        PATH: `${bin}:${process.env.PATH}`,
        BENCH_PORT: String(port),
        BENCH_WORK: work.kind,
        BENCH_SEEN: work.seenFile ?? '',
        BENCH_MAX_WAITING: String(work.maxWaiting ?? ''),
        BENCH_FOLDER: folder,
        // Not all of them clear away what they make there.
        TMPDIR: folder,
        ...peer.env?.(port, work, await freePort()),
      };
      const command = peer.command((name) => join(bin, name), port, work);
      const output = openSync(log, 'w');
      const program = startProgram(peer.cores === 'one' ? onCore(0, command) : command, env, join(root, 'test', 'bench', 'peers'), output);
      closeSync(output);
      const stop = async (): Promise<void> => {
        await program.stop();
        rmSync(folder, { recursive: true, force: true });
      };
      const url = `http://127.0.0.1:${port}${peer.path}`;
      const body = peer.body(payload, work);
      try {
        await answers(url, body.replace(idPlace, String(firstInnocent)), program.child, startMs);
      } catch (error) {
        await stop();
        throw new Error(`${peer.name}: ${(error as Error).message}\n${readFileSync(log, 'utf8').slice(-2000)}`);
      }
      return { url, body, pids: program.pids(), stop };
    },
  };
}
