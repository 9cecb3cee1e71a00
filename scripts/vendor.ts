import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { root } from './root.ts';

const source = join(root, 'runtime', 'python');
const wheelCache = join(root, '.cache', 'wheels');
const target = join(root, 'dist', 'python');
const stamp = join(target, '.vendored');

/**
 * Puts the Python side into `dist/python`: our package as `spell/`, the shipped wheels unpacked (with their licences) as
 * `vendor/`, and pip's own wheel as `pip.whl`. Downloads only what `.cache/wheels` lacks, and does nothing but compare
 * when nothing changed. A file of ours that did not change keeps its time, and so the byte code beside it its worth.
 */
export async function preparePython(): Promise<void> {
  await mkdir(target, { recursive: true });
  const wheels = await pinnedWheels(join(source, 'vendor.txt'));
  const pip = await pinnedWheels(join(source, 'pip.txt'));
  const wanted = [...wheels, ...pip].join('\n');
  const [current] = await Promise.all([
    readFile(stamp, 'utf8').catch(() => ''),
    mirrorSources(join(source, 'spell'), join(target, 'spell')),
  ]);
  if (current === wanted) return;

  const files = await fetchWheels([...wheels, ...pip]);
  await unpack(
    wheels.map((hash) => fileOf(files, hash)),
    join(target, 'vendor'),
  );
  for (const hash of pip) await copyFile(fileOf(files, hash), join(target, 'pip.whl'));
  await writeFile(stamp, wanted);
}

/** The SHA-256 of every wheel in a list of requirements. */
async function pinnedWheels(list: string): Promise<string[]> {
  const text = await readFile(list, 'utf8');
  return [...text.matchAll(/--hash=sha256:([0-9a-f]{64})/g)].map((match) => match[1] ?? '');
}

function fileOf(files: Map<string, string>, hash: string): string {
  const file = files.get(hash);
  if (file === undefined) {
    throw new Error(`no wheel with the SHA-256 ${hash} could be had: remove .cache/wheels and build again, with a package index in reach`);
  }
  return file;
}

async function fetchWheels(hashes: string[]): Promise<Map<string, string>> {
  await mkdir(wheelCache, { recursive: true });
  const cached = await cachedWheels();
  if (hashes.every((hash) => cached.has(hash))) return cached;
  await download();
  return cachedWheels();
}

/** Files of the cache by the SHA-256 of what they really hold. */
async function cachedWheels(): Promise<Map<string, string>> {
  const files = (await readdir(wheelCache)).filter((name) => name.endsWith('.whl')).map((name) => join(wheelCache, name));
  return new Map(await Promise.all(files.map(async (file) => [sha256(await readFile(file)), file] as const)));
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Downloads with whatever pip there is; it checks the hashes, too. */
async function download(): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'spell-pip-'));
  try {
    const pip = findPip() ?? pipOfNewEnvironment(scratch);
    if (pip === undefined) {
      throw new Error(
        'the wheels that we ship cannot be fetched: there is no pip here. ' +
          'Install one (Debian: `apt install python3-pip`; elsewhere `python3 -m ensurepip`, or uv), then build again',
      );
    }
    const [command, ...before] = pip;
    const lists = ['vendor.txt', 'pip.txt'].flatMap((name) => ['-r', join(source, name)]);
    const pinned = ['--no-deps', '--only-binary', ':all:', '--require-hashes', '--python-version', '3.9'];
    const options = ['download', '--quiet', '--disable-pip-version-check', ...pinned, '--dest', wheelCache, ...lists];
    const done = spawnSync(command, [...before, ...options], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`the wheels that we ship cannot be fetched. pip says:\n${done.stdout}${done.stderr}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Command = [program: string, ...args: string[]];

const interpreters = ['python3', 'python'];

function findPip(): Command | undefined {
  const candidates: Command[] = [...interpreters.map((python): Command => [python, '-m', 'pip']), ['pip3'], ['uv', 'tool', 'run', 'pip']];
  return candidates.find(([command, ...args]) => spawnSync(command, [...args, '--version'], { stdio: 'ignore' }).status === 0);
}

function pipOfNewEnvironment(folder: string): Command | undefined {
  const made = interpreters.some((python) => spawnSync(python, ['-m', 'venv', folder], { stdio: 'ignore' }).status === 0);
  return made ? [join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'), '-m', 'pip'] : undefined;
}

/** Unpacks wheels into one folder, which takes the old one's place when it is whole. */
async function unpack(wheels: string[], folder: string): Promise<void> {
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  const script = 'import sys, zipfile\nfor wheel in sys.argv[2:]: zipfile.ZipFile(wheel).extractall(sys.argv[1])';
  const python = interpreters.find((name) => spawnSync(name, ['-c', script, fresh, ...wheels], { stdio: 'ignore' }).status === 0);
  if (python === undefined) throw new Error('the wheels that we ship cannot be unpacked: `python3` is not here, or the disk is full');
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
}

/** Makes `to` hold exactly the sources of `from`; each file that differs is replaced at once, never written in place. */
async function mirrorSources(from: string, to: string): Promise<void> {
  const wanted = await sourceFiles(from);
  const present = existsSync(to) ? await sourceFiles(to) : [];
  await Promise.all(present.filter((file) => !wanted.includes(file)).map((file) => rm(join(to, file))));
  await Promise.all(
    wanted.map(async (file) => {
      const content = await readFile(join(from, file));
      const old = await readFile(join(to, file)).catch(() => undefined);
      if (old?.equals(content)) return;
      const place = join(to, file);
      await mkdir(dirname(place), { recursive: true });
      const beside = join(dirname(place), `.${basename(place)}.${process.pid}`);
      await writeFile(beside, content);
      await rename(beside, place);
    }),
  );
}

async function sourceFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /\.py$|py\.typed$/.test(name));
}

if (import.meta.main) await preparePython();
