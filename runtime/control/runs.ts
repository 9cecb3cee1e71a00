import type { Readable } from 'node:stream';
import { SpellError } from '../api/errors.ts';
import { textLines } from '../api/http/text-lines.ts';
import { nameProblem } from '../api/names.ts';
import type { RegisterRun, Resource, Run, RunLogLine, RunState } from '../api/objects.ts';
import { shownSize } from '../api/shown-size.ts';
import type { Events } from './events.ts';
import type { Author, Resources } from './resources.ts';
import { storeFiles } from './sent-files.ts';
import type { Contents } from './store/contents.ts';
import type { Store } from './store/store.ts';

/** Commands that were run, each with its log and what it saved: registered when they have ended, whole or not at all. */
export class Runs {
  readonly #store: Store;
  readonly #contents: Contents;
  readonly #resources: Resources;
  readonly #events: Events;
  readonly #author: Author;

  constructor(store: Store, contents: Contents, resources: Resources, events: Events, author: Author) {
    this.#store = store;
    this.#contents = contents;
    this.#resources = resources;
    this.#events = events;
    this.#author = author;
  }

  /**
   * Registers a run under the next number. A caller that never heard the answer may ask again: the same id is the same run.
   * Throws `bad-name`, and as {@link storeFiles} for its files and its log.
   */
  async register({ id, files, log, ...ran }: RegisterRun): Promise<Resource> {
    const problem = ran.name === null ? undefined : nameProblem('run', ran.name);
    if (problem) throw new SpellError('bad-name', problem, 'choose another name with --name');
    await this.#checkLog(log);
    const stored = await storeFiles(this.#contents, files);
    const { createdAt, creator } = { createdAt: this.#author.now().toISOString(), creator: this.#author.creator };
    const number = this.#store.change(() => {
      const known = this.#store.runs.byRequest(id);
      if (known) return known.number;
      const run: Run = { ...ran, state: stateOf(ran) };
      const made = this.#store.runs.insert(id, run, log);
      this.#store.resources.put({ kind: 'runs', name: String(made), ...stored, createdAt, creator });
      this.#events.append({ type: 'resource.created', object: `runs/${made}`, message: sentence(run, stored) });
      return made;
    });
    const { entries: _, usedBy: __, ...resource } = this.#resources.describe('runs', String(number));
    return resource;
  }

  /** What the command printed: all of it, or the last lines. Throws `not-found`. */
  async log(number: string, tail: number | undefined): Promise<AsyncIterable<RunLogLine>> {
    this.#resources.describe('runs', number);
    const digest = this.#store.runs.get(Number(number))?.log ?? '';
    return readLines(await this.#contents.open(digest), tail);
  }

  async #checkLog(digest: string): Promise<void> {
    const [missing] = await this.#contents.missing([digest]);
    if (missing === undefined) return;
    throw new SpellError('missing-content', `the log ${missing} was not sent`, 'send it with PUT /contents/DIGEST, and try again');
  }
}

async function* readLines(input: Readable, tail: number | undefined): AsyncGenerator<RunLogLine> {
  const last: string[] = [];
  for await (const line of textLines(input)) {
    if (tail === undefined) yield JSON.parse(line) as RunLogLine;
    else if (last.push(line) > tail) last.shift();
  }
  for (const line of last) yield JSON.parse(line) as RunLogLine;
}

/** Somebody's signal interrupts; what else a command ends with, but 0, is its failure. A shell tells a signal as 128 and its number. */
function stateOf({ exitStatus, signal }: Pick<Run, 'exitStatus' | 'signal'>): RunState {
  if (exitStatus === 0) return 'complete';
  const interrupted = signal === 'SIGINT' || signal === 'SIGTERM' || exitStatus === 130 || exitStatus === 143;
  return interrupted ? 'interrupted' : 'failed';
}

function sentence({ command, state, exitStatus }: Run, { files, size }: { files: number; size: number }): string {
  const ended = state === 'failed' ? `failed with exit status ${exitStatus}` : state;
  const saved = files === 0 ? 'nothing was saved' : `${files} ${files === 1 ? 'file was' : 'files were'} saved, ${shownSize(size)}`;
  return `\`${command.join(' ')}\` was run: ${ended}; ${saved}`;
}
