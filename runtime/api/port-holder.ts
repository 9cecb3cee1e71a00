import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Who listens on a TCP port, as far as this user may see it. */
export interface PortHolder {
  pid: number;
  /** Its command line. */
  command: string;
}

/** The process that listens on a port of this machine, or `undefined`: nobody, another user's, or a system that does not tell. */
export async function portHolder(port: number): Promise<PortHolder | undefined> {
  try {
    if (process.platform === 'linux') return await holderFromProcfs(port);
    if (process.platform === 'darwin') return await holderFromLsof(port);
  } catch {
    // Naming the holder is a courtesy inside another error; that error must not be lost for it.
  }
  return undefined;
}

/** The holder in words, for the sentence that says a port is taken: ` by process 4711 (nginx: master)`, or nothing. */
export async function portHolderPhrase(port: number): Promise<string> {
  const holder = await portHolder(port);
  return holder ? ` by process ${holder.pid} (${holder.command})` : '';
}

/** proc(5): a listening socket (state 0A) has its port in hex and its inode in field 10; its owner has a descriptor for that inode. */
async function holderFromProcfs(port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((table) => readFile(`/proc/net/${table}`, 'utf8').catch(() => '')));
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = tables.flatMap((table) =>
    table.split('\n').flatMap((row) => {
      const fields = row.trim().split(/\s+/);
      return fields[3] === '0A' && fields[1]?.endsWith(`:${hex}`) ? [`socket:[${fields[9]}]`] : [];
    }),
  );
  if (inodes.length === 0) return undefined;
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  for (const pid of pids) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(descriptors.map((descriptor) => readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')));
    if (!links.some((link) => inodes.includes(link))) continue;
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    return { pid: Number(pid), command };
  }
  return undefined;
}

async function holderFromLsof(port: number): Promise<PortHolder | undefined> {
  const run = promisify(execFile);
  const { stdout } = await run('/usr/sbin/lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t']);
  const pid = Number(stdout.split('\n')[0]);
  if (!pid) return undefined;
  const { stdout: command } = await run('/bin/ps', ['-o', 'command=', '-p', String(pid)]);
  return { pid, command: command.trim() };
}
