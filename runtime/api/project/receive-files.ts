import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SpellError } from '../errors.ts';
import type { Client } from '../http/client-types.ts';
import { manifestProblem } from '../manifest.ts';
import { nearNamesHint } from '../near-names.ts';
import type { FileEntry, ResourceDetail } from '../objects.ts';
import { eachOf } from './each-of.ts';

/** A file of a resource and where it goes, absolute. */
export type FileToReceive = FileEntry & { target: string };

const receivers = 8;

/**
 * Decides where the files of a resource, or of a path in it, go: as `cp -r` would. Nothing is written.
 *
 * Throws `not-found` when nothing is there, `exists` for a target that is there already and may not be overwritten.
 */
export async function planCopy(resource: ResourceDetail, path: string, destination: string, force: boolean): Promise<FileToReceive[]> {
  const problem = manifestProblem(resource.entries);
  if (problem) throw new SpellError('bad-path', `${resource.path}: ${problem}`, 'nothing was copied; upload it again');
  const file = resource.entries.find((entry) => entry.path === path);
  const intoFolder = await isFolder(destination);
  const target = intoFolder ? join(destination, basename(path === '' ? resource.path : path)) : destination;
  const prefix = path === '' ? '' : `${path}/`;
  const files = file
    ? [{ ...file, target }]
    : resource.entries
        .filter((entry) => entry.path.startsWith(prefix))
        .map((entry) => ({ ...entry, target: join(target, ...entry.path.slice(prefix.length).split('/')) }));
  if (files.length === 0) {
    const hint = nearNamesHint(
      path,
      resource.entries.map((entry) => entry.path),
    );
    throw new SpellError('not-found', `there is nothing at ${JSON.stringify(path)} in ${resource.path}`, hint);
  }
  if (!force) await refuseExisting(files);
  return files;
}

/** Receives the contents, each beside its place and renamed when it is whole and right: a copy that ends in the middle leaves no half file. */
export async function receiveFiles(client: Client, files: readonly FileToReceive[]): Promise<void> {
  await eachOf(files, receivers, async ({ digest, target, executable }) => {
    await mkdir(dirname(target), { recursive: true }).catch((error) => Promise.reject(unwritable(target, error)));
    const part = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID().slice(0, 8)}.part`);
    try {
      const hash = createHash('sha256');
      await pipeline(
        await client.getContent({ digest }),
        async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            hash.update(chunk);
            yield chunk;
          }
        },
        createWriteStream(part, { flags: 'wx', mode: executable ? 0o777 : 0o666 }),
      );
      if (`sha256:${hash.digest('hex')}` !== digest) throw new SpellError('wrong-digest', `${target} arrived damaged`, 'try again');
      await rename(part, target);
    } catch (error) {
      await rm(part, { force: true });
      throw unwritable(target, error);
    }
  });
}

/** What is told when a copy cannot be put where it should go; errors that are not the file system's stay what they are. */
function unwritable(target: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: readonly (string | undefined)[] = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENAMETOOLONG'];
  if (error instanceof SpellError || !known.includes(code)) return error;
  return new SpellError('bad-path', `${target} cannot be written: ${message}`, 'name another place: spell cp SRC DEST', { cause: error });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function refuseExisting(files: readonly FileToReceive[]): Promise<void> {
  for (const { target } of files) {
    const exists = await lstat(target).then(
      () => true,
      () => false,
    );
    if (exists) throw new SpellError('exists', `${target} exists already`, 'name another place, or overwrite it with --force');
  }
}
