import { join } from 'node:path';
import { reportCrash, run, type World } from './run.ts';

/** `spell`: the process around `run.ts`. Its neighbours in `dist` are the other programs. */
const interruptedStatus = 130;

const argv = process.argv.slice(2);
let interruption: AbortController | undefined;
let taker: ((signal: NodeJS.Signals) => void) | undefined;
const world: World = {
  streams: process,
  env: process.env,
  cwd: process.cwd(),
  programs: { spelld: join(import.meta.dirname, 'spelld.js'), node: process.execPath },
  interruption() {
    interruption ??= new AbortController();
    return interruption.signal;
  },
  takeSignals(take) {
    const onTerm = (): void => take('SIGTERM');
    taker = take;
    process.on('SIGTERM', onTerm);
    return () => {
      taker = undefined;
      process.off('SIGTERM', onTerm);
    };
  },
};

process.on('SIGINT', () => {
  if (taker) return taker('SIGINT');
  if (interruption === undefined || interruption.signal.aborted) process.exit(interruptedStatus);
  interruption.abort();
});
process.on('uncaughtException', (error) => process.exit(reportCrash(argv, world, error)));
// Whoever reads our output may stop reading (`spell server logs NAME | head`): then there is nothing left to do.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
}

process.exitCode = await run(argv, world);
