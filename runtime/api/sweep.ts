import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeGatewayRecord } from './gateway-record.ts';
import { homeLayout } from './home.ts';
import { endProcesses, findProcesses, type HomeProcess } from './processes.ts';

/** How long a gateway may take to answer what its workers are running. */
const programGraceMs = 10_000;
const workerGraceMs = 2000;

/**
 * Ends whatever of a home still runs, and removes what it leaves on the disk that is not state: for `spell down` when no
 * control plane answers, and to be certain when one did. Returns what was found running, and what is still there after
 * all. The caller is the only one who starts anything in this home meanwhile.
 */
export async function sweepHome(home: string): Promise<{ found: HomeProcess[]; left: HomeProcess[] }> {
  const found = await findProcesses(home);
  // Both at once: either one starts the other again when it is missed.
  const programs = await endProcesses(home, { roles: ['spelld', 'gateway'] }, programGraceMs);
  const others = await endProcesses(home, { roles: ['worker', 'tool'] }, workerGraceMs);
  if (programs.length === 0) {
    await removeGatewayRecord(home);
    await removeSockets(homeLayout(home).platform);
    await rm(homeLayout(home).spelldFile, { force: true });
  }
  return { found, left: [...programs, ...others] };
}

/** Also those of which no note is left. */
async function removeSockets(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isSocket()) await rm(join(folder, entry.name), { force: true });
}
