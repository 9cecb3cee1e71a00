import { stat } from 'node:fs/promises';
import { SpellError } from '../../api/errors.ts';
import type { Client } from '../../api/http/client-types.ts';
import type { RegisterRun, Resource } from '../../api/objects.ts';
import type { FindOutputs } from '../../api/project/outputs.ts';
import { ChangedMeanwhile, digestFiles, type TreeFile, toManifest } from '../../api/project/tree.ts';
import { foundFile } from '../../api/project/walk.ts';
import type { Context } from '../context.ts';
import { readFiles, sendFiles, throughRestarts } from '../sending.ts';

/** How often a file may change while it is saved before it is left out. */
const tries = 2;

export interface EndedRun {
  ran: Omit<RegisterRun, 'files' | 'log'>;
  findOutputs: FindOutputs;
  /** The file with its log. */
  log: string;
}

/**
 * Sends the log and the files of a command that has ended, and registers its run. What cannot be saved is said and left
 * out: hours of work are not thrown away for a link that leads nowhere. A control plane that goes away is waited for.
 * Throws `interrupted` on Ctrl-C, until the run is being registered.
 */
export async function saveRun(context: Context, { ran, findOutputs, log }: EndedRun): Promise<Resource> {
  const [logFile] = await digestFiles([foundFile('log', log, await stat(log))]);
  if (!logFile) throw new Error('the log has no digest');
  const signal = context.interruption();
  const save = async (client: Client): Promise<Resource> => {
    const sent = whileFilesChange(context, findOutputs, (found) => sendFiles(context, client, 'what it saved', [...found, logFile]));
    const files = await unlessInterrupted(sent, signal);
    return client.registerRun({ body: { ...ran, files: toManifest(files), log: logFile.digest } });
  };
  return throughRestarts(context.controlPlane, save, signal);
}

/** Ctrl-C ends the sending, and nothing is registered then. */
async function unlessInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const interrupted = (): SpellError =>
    new SpellError('interrupted', 'interrupted: the run was not registered', 'what the command made is where it wrote it');
  if (signal.aborted) throw interrupted();
  return new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(interrupted()), { once: true });
    work.then(resolve, reject);
  });
}

/** Reads and sends the outputs, again when one of them changed meanwhile; one that goes on changing is left out. */
async function whileFilesChange(
  context: Context,
  findOutputs: FindOutputs,
  send: (files: TreeFile[]) => Promise<void>,
): Promise<TreeFile[]> {
  const changes = new Map<string, number>();
  const told = new Set<string>();
  const tell = (line: string): void => {
    if (!told.has(line)) context.terminal.say(context.terminal.styleMessage('yellow', line));
    told.add(line);
  };
  for (;;) {
    const found = await findOutputs(({ message }) => tell(`not saved: ${message}`));
    const steady = found.filter(({ source }) => (changes.get(source) ?? 0) < tries);
    try {
      const files = await readFiles(context, 'what it saved', steady);
      await send(files);
      return files;
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile)) throw error;
      const count = (changes.get(error.source) ?? 0) + 1;
      changes.set(error.source, count);
      if (count === tries) tell(`not saved: ${error.source} is still being written to`);
    }
  }
}
