import { SpellError } from '../api/errors.ts';
import type { Client } from '../api/http/client-types.ts';
import { sendContents } from '../api/project/send-contents.ts';
import { digestFiles, type TreeFile } from '../api/project/tree.ts';
import type { FoundFile } from '../api/project/walk.ts';
import type { Context, ControlPlane } from './context.ts';
import { showReading, showSending } from './terminal/progress.ts';

/** How often a control plane may go away in the middle of something before that is given up. */
const returns = 3;

/** Reads files for their digests, showing how far it is. */
export async function readFiles({ terminal }: Pick<Context, 'terminal'>, what: string, found: readonly FoundFile[]): Promise<TreeFile[]> {
  const total = found.reduce((sum, { size }) => sum + size, 0);
  const reading = showReading(terminal, what, total);
  return digestFiles(found, reading.update).finally(reading.end);
}

/** Sends what of the files is not there yet, showing how far it is. */
export async function sendFiles(
  { terminal }: Pick<Context, 'terminal'>,
  client: Client,
  what: string,
  files: readonly TreeFile[],
): Promise<void> {
  const sending = showSending(terminal, what);
  await sendContents(client, files, sending.update).finally(sending.end);
}

/**
 * Does something that can be done twice as well as once, and again when the control plane goes away meanwhile: one that
 * was killed comes back within seconds, and what was sent to it is there still. Nothing is begun again once `signal` is aborted.
 */
export async function throughRestarts<T>(
  controlPlane: Pick<ControlPlane, 'connect' | 'reconnect'>,
  work: (client: Client) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  let client = await controlPlane.connect();
  for (let left = returns; ; left--) {
    try {
      return await work(client);
    } catch (error) {
      if (left === 0 || signal?.aborted || !isAway(error)) throw error;
      client = await controlPlane.reconnect();
    }
  }
}

function isAway(error: unknown): boolean {
  return error instanceof SpellError && (error.code === 'unreachable' || error.code === 'not-running');
}
