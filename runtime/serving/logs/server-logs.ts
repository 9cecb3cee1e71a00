import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine } from '../../api/objects.ts';
import type { Clock } from '../clock.ts';
import { PodLog } from './pod-log.ts';
import { type LogSelection, lastOf, mergeByTime, parseLogLine, readLogs } from './read.ts';

/** Logs of pods that are gone which are kept for each model server. */
const keptPods = 20;

/** The logs of one model server's pods. */
export class ServerLogs {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #open: Map<string, PodLog> = new Map();
  readonly #followers: Set<(line: LogLine) => void> = new Set();

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Begins the log of a new pod. */
  openPod(pod: string): PodLog {
    const log = new PodLog(pod, join(this.#folder, `${pod}.jsonl`), this.#clock, (line) => {
      for (const follower of this.#followers) follower(line);
    });
    this.#open.set(pod, log);
    return log;
  }

  /** The pod is gone: its log is closed and kept for a while. */
  async closePod(pod: string): Promise<void> {
    const log = this.#open.get(pod);
    await log?.file.close();
    this.#open.delete(pod);
    await this.#prune();
  }

  /** Writes what waits, so that readers of the files see it. */
  async flush(): Promise<void> {
    await Promise.all([...this.#open.values()].map((log) => log.file.flush()));
  }

  /** Removes all lines, as far as the disk lets it; no pod may be left. */
  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true }).catch(() => {});
  }

  /**
   * Calls `follower` with the selected lines that there are, and then with each new one, until the returned function is
   * called. No line is missing, none comes twice.
   */
  async follow({ pod, tail }: LogSelection, follower: (line: LogLine) => void): Promise<() => void> {
    const held = [...this.#open.values()];
    const pending = await Promise.all(held.map((log) => log.file.hold()));
    // From here on no file changes, and nothing else runs before the subscription stands.
    const unwritten = pending.map((text) =>
      text()
        .split('\n')
        .flatMap((line) => (line === '' ? [] : (parseLogLine(line) ?? []))),
    );
    let waiting: LogLine[] | null = [];
    const subscription = (line: LogLine): void => {
      if (pod !== undefined && line.pod !== pod) return;
      if (waiting) waiting.push(line);
      else follower(line);
    };
    this.#followers.add(subscription);
    const selected = unwritten.map((lines) => lines.filter((line) => pod === undefined || line.pod === pod));
    const written = await readLogs(this.#folder, { pod, tail }).catch(() => []);
    for (const log of held) log.file.release();
    for (const line of lastOf(mergeByTime([written, ...selected]), tail)) follower(line);
    for (const line of waiting) follower(line);
    waiting = null;
    return () => this.#followers.delete(subscription);
  }

  async #prune(): Promise<void> {
    const files = (await readdir(this.#folder).catch(() => [])).filter((file) => file.endsWith('.jsonl'));
    const gone = files.filter((file) => !this.#open.has(file.slice(0, -'.jsonl'.length)));
    if (gone.length <= keptPods) return;
    const aged = await Promise.all(
      gone.map(async (file) => ({ file, changed: (await stat(join(this.#folder, file)).catch(() => undefined))?.mtimeMs ?? 0 })),
    );
    aged.sort((a, b) => a.changed - b.changed);
    for (const { file } of aged.slice(0, aged.length - keptPods)) {
      // One that cannot be removed stays; the next pod's end tries again.
      await rm(join(this.#folder, file), { force: true }).catch(() => {});
      await rm(join(this.#folder, `${file}.1`), { force: true }).catch(() => {});
    }
  }
}
