import { readdir, readFile } from 'node:fs/promises';

/** A process that carries a home in its environment. */
export interface HomeProcess {
  pid: number;
  command: string;
}

/**
 * Every process whose environment carries this `SPELL_HOME`, however it was started: what a test must not leave
 * behind. Reads `/proc` and shares no code with the product, so that it can prove the product wrong. Linux only;
 * elsewhere it finds nothing.
 */
export async function processesOfHome(home: string): Promise<HomeProcess[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((entry) => /^[0-9]+$/.test(entry));
  const found = await Promise.all(
    pids.map(async (pid): Promise<HomeProcess | undefined> => {
      try {
        const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
        if (!environment.split('\0').includes(`SPELL_HOME=${home}`)) return undefined;
        const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
        // A zombie has no command line: it is dead, and only waits to be asked.
        return command === '' ? undefined : { pid: Number(pid), command };
      } catch {
        return undefined;
      }
    }),
  );
  return found.filter((one) => one !== undefined);
}
