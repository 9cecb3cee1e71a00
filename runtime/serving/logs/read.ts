import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine } from '../../api/objects.ts';

/** Which lines of a model server. */
export interface LogSelection {
  pod?: string | undefined;
  /** Only so many, the newest ones; all that are kept if absent. */
  tail?: number | undefined;
}

const blockBytes = 64 * 1024;

/** Where the lines of a model server's pods are kept. */
export function serverLogFolder(podLogs: string, owner: string, name: string): string {
  return join(podLogs, owner, name);
}

/**
 * The lines of a model server's pods that are in its folder, oldest first, those of all pods merged by their time. A
 * folder that is not there has no lines. Works while the gateway writes, and without one.
 */
export async function readLogs(folder: string, { pod, tail }: LogSelection = {}): Promise<LogLine[]> {
  const files = await readdir(folder).catch(() => []);
  const pods = new Set(files.flatMap((file) => /^(.*)\.jsonl(\.1)?$/.exec(file)?.[1] ?? []));
  const wanted = [...pods].filter((each) => pod === undefined || each === pod);
  const lines = await Promise.all(wanted.map((each) => readPod(join(folder, `${each}.jsonl`), tail)));
  return lastOf(mergeByTime(lines), tail);
}

/** Puts lists of lines, each in its order, together by time. */
export function mergeByTime(lists: LogLine[][]): LogLine[] {
  // A stable sort keeps the order of lines of the same millisecond within each pod.
  return lists.flat().sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

/** The last `count` elements; all if there is no count. */
export function lastOf<T>(all: T[], count: number | undefined): T[] {
  return count === undefined || all.length <= count ? all : all.slice(all.length - count);
}

/** Reads one line of a pod's file; `undefined` if it is none (cut off by a crash). */
export function parseLogLine(text: string): LogLine | undefined {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return undefined;
  }
}

async function readPod(path: string, tail: number | undefined): Promise<LogLine[]> {
  const newer = await readTail(path, tail);
  const older =
    tail === undefined || newer.length < tail ? await readTail(`${path}.1`, tail === undefined ? undefined : tail - newer.length) : [];
  return [...older, ...newer].flatMap((text) => parseLogLine(text) ?? []);
}

/** The last lines of a file, read from its end in blocks, so that a short tail of a long file costs little. */
async function readTail(path: string, tail: number | undefined): Promise<string[]> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return [];
  try {
    let start = (await file.stat()).size;
    const blocks: Buffer[] = [];
    let lineFeeds = 0;
    while (start > 0 && (tail === undefined || lineFeeds <= tail)) {
      const size = Math.min(blockBytes, start);
      start -= size;
      const block = Buffer.alloc(size);
      await file.read(block, 0, size, start);
      for (let at = block.indexOf(10); at >= 0; at = block.indexOf(10, at + 1)) lineFeeds++;
      blocks.unshift(block);
    }
    const lines = Buffer.concat(blocks)
      .toString()
      .split('\n')
      .filter((line) => line !== '');
    return lastOf(lines, tail);
  } finally {
    await file.close();
  }
}
