import { readFile } from 'node:fs/promises';
import { processesOfHome } from '../../../harness/processes.ts';
import type { Workbench } from './workbench.ts';

/** The processes of a window that run our code. */
export interface OurProcesses {
  extensionHost: number;
  /** Undefined while it does not run. */
  languageServer: number | undefined;
}

/** Finds them by their commands. Linux only. */
export async function ourProcesses({ window }: Workbench): Promise<OurProcesses> {
  const all = await processesOfHome(window.place.home);
  const of = (words: string): number | undefined => all.find(({ command }) => command.includes(words))?.pid;
  const extensionHost = of('--type=extensionHost');
  if (extensionHost === undefined) throw new Error('there is no extension host');
  return { extensionHost, languageServer: of('language-server.js') };
}

/** What the extension host occupies, in MB. */
export async function hostMemory(workbench: Workbench): Promise<number> {
  const { extensionHost } = await ourProcesses(workbench);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${extensionHost}/status`, 'utf8'))?.[1]) / 1024;
}
