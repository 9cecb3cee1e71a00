import { join } from 'node:path';
import { run } from './run.ts';

/** `spell`: the process around `run.ts`. Its neighbours in `dist` are the other programs. */
const interruptedStatus = 130;

let interruption: AbortController | undefined;
process.on('SIGINT', () => {
  if (interruption === undefined || interruption.signal.aborted) process.exit(interruptedStatus);
  interruption.abort();
});
// Whoever reads our output may stop reading (`spell server logs NAME | head`): then there is nothing left to do.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await run(process.argv.slice(2), {
  streams: process,
  env: process.env,
  cwd: process.cwd(),
  programs: { spelld: join(import.meta.dirname, 'spelld.js'), node: process.execPath },
  interruption() {
    interruption ??= new AbortController();
    return interruption.signal;
  },
});
