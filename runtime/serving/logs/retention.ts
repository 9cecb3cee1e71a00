import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Logs of pods that are gone which are kept for each model server. */
const keptPods = 20;

/** What the logs of all pods that are gone may have together, in bytes. Those of running pods are bounded one by one. */
export const keptBytes = 512 * 2 ** 20;

/** The files of one pod that is gone. */
interface Finished {
  /** Without the `.1` of its former file. */
  path: string;
  bytes: number;
  /** When it was written last, in milliseconds. */
  changed: number;
}

/** Keeps the logs of pods that are gone, so that a crash can be read afterwards, as many as there is room for: the newest. */
export class LogRetention {
  readonly #root: string;
  readonly #keptBytes: number;
  readonly #written = new Set<string>();

  /** `root` has a folder for each model server, below one for each owner. */
  constructor(root: string, bytes: number = keptBytes) {
    this.#root = root;
    this.#keptBytes = bytes;
  }

  /** A log is being written, and stays. */
  begin(path: string): void {
    this.#written.add(path);
  }

  /** A pod is gone, and its log is complete. */
  async end(path: string): Promise<void> {
    this.#written.delete(path);
    const finished = await this.#finished();
    finished.sort((a, b) => b.changed - a.changed);
    const ofServer = new Map<string, number>();
    let bytes = 0;
    for (const each of finished) {
      const count = (ofServer.get(dirname(each.path)) ?? 0) + 1;
      bytes += each.bytes;
      ofServer.set(dirname(each.path), count);
      // One that cannot be removed stays; the next pod's end tries again.
      if (count > keptPods || bytes > this.#keptBytes)
        for (const file of [each.path, `${each.path}.1`]) await rm(file, { force: true }).catch(() => {});
    }
  }

  async #finished(): Promise<Finished[]> {
    const files = await readdir(this.#root, { recursive: true }).catch(() => []);
    const paths = new Set(files.flatMap((file) => (/\.jsonl(\.1)?$/.test(file) ? join(this.#root, file.replace(/\.1$/, '')) : [])));
    const ended = [...paths].filter((path) => !this.#written.has(path));
    return Promise.all(
      ended.map(async (path) => {
        const parts = await Promise.all([path, `${path}.1`].map((file) => stat(file).catch(() => ({ size: 0, mtimeMs: 0 }))));
        return { path, bytes: parts.reduce((sum, { size }) => sum + size, 0), changed: Math.max(...parts.map(({ mtimeMs }) => mtimeMs)) };
      }),
    );
  }
}
