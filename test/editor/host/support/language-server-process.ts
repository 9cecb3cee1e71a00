import { readdir, readFile } from 'node:fs/promises';

/** The language servers that are children of this extension host, as process ids. Linux only; elsewhere none are found. */
export async function languageServers(): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((entry) => /^[0-9]+$/.test(entry));
  const found = await Promise.all(pids.map(async (pid) => ((await isLanguageServer(pid)) ? [Number(pid)] : [])));
  return found.flat();
}

async function isLanguageServer(pid: string): Promise<boolean> {
  try {
    const [status, command] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readFile(`/proc/${pid}/cmdline`, 'utf8')]);
    return new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(status) && command.includes('language-server.js');
  } catch {
    return false;
  }
}
