import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine } from '../../api/objects.ts';
import { PodReader } from './pod-reader.ts';
import { readLine } from './stored-line.ts';
import { newestPositions } from './tail.ts';

/** Which lines of a model server. */
export interface LogSelection {
  pod?: string | undefined;
  /** Only so many, the newest ones; all that are kept if absent. */
  tail?: number | undefined;
  /** Only what comes after this position (`api/log-position.ts`). */
  since?: string | undefined;
}

/** A batch of lines is about as long, in characters. */
const batchLength = 64 * 1024;

/** Where the lines of a model server's pods are kept. */
export function serverLogFolder(podLogs: string, owner: string, name: string): string {
  return join(podLogs, owner, name);
}

/**
 * Reads the lines of a model server's pods from its folder, merged by their positions, at the pace of whoever asks: of each
 * pod a block is in memory. Works while the gateway writes, and without one. A folder that is not there has no lines.
 */
export class LogReader {
  readonly #folder: string;
  readonly #pod: string | undefined;
  readonly #after: string;
  readonly #pods = new Map<string, PodReader>();

  private constructor(folder: string, pod: string | undefined, after: string) {
    this.#folder = folder;
    this.#pod = pod;
    this.#after = after;
  }

  /** `until`: a tail is counted back from this position; from the end of the files if absent. */
  static async open(folder: string, { pod, tail, since = '' }: LogSelection, until?: string): Promise<LogReader> {
    if (tail === undefined) return new LogReader(folder, pod, since);
    const paths = (await podsOf(folder, pod)).map((each) => pathOf(folder, each));
    // The one before the first of the tail: what comes after it is wanted.
    const before = (await newestPositions(paths, tail + 1, until)).at(tail) ?? '';
    return new LogReader(folder, pod, before > since ? before : since);
  }

  /**
   * Batches of stored lines, from where it came to, up to a position: all lines up to there must be written. To the end of
   * the files without one. Can be called again, for what has come meanwhile.
   */
  async *upTo(until?: string): AsyncGenerator<string[]> {
    for (const pod of await podsOf(this.#folder, this.#pod)) {
      if (!this.#pods.has(pod)) this.#pods.set(pod, await PodReader.open(pod, pathOf(this.#folder, pod), this.#after));
    }
    const pods = [...this.#pods.values()];
    await Promise.all(pods.map((pod) => pod.fill()));
    for (;;) {
      const batch: string[] = [];
      for (let length = 0; length < batchLength; ) {
        const { pod, line } = firstOf(pods);
        if (!pod || !line || (until !== undefined && line.position > until)) break;
        batch.push(line.text);
        length += line.text.length;
        pod.take();
        if (!pod.first) await pod.fill();
      }
      if (batch.length === 0) return;
      yield batch;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pods.values()].map((pod) => pod.close()));
  }
}

/** The lines that are in the folder, in order. */
export async function* readLogs(folder: string, selection: LogSelection = {}): AsyncGenerator<LogLine> {
  const reader = await LogReader.open(folder, selection);
  try {
    for await (const batch of reader.upTo()) yield* batch.flatMap((stored) => readLine(stored) ?? []);
  } finally {
    await reader.close();
  }
}

function firstOf(pods: PodReader[]): { pod?: PodReader; line?: PodReader['first'] } {
  let found: { pod?: PodReader; line?: PodReader['first'] } = {};
  for (const pod of pods) {
    const line = pod.first;
    if (line && (!found.line || line.position < found.line.position)) found = { pod, line };
  }
  return found;
}

async function podsOf(folder: string, wanted: string | undefined): Promise<string[]> {
  const files = await readdir(folder).catch(() => []);
  const pods = new Set(files.flatMap((file) => /^(.*)\.jsonl(\.1)?$/.exec(file)?.[1] ?? []));
  return [...pods].filter((pod) => wanted === undefined || pod === wanted);
}

function pathOf(folder: string, pod: string): string {
  return join(folder, `${pod}.jsonl`);
}
