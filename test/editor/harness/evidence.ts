import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../../scripts/root.ts';
import type { Place } from './place.ts';

/** Where everything goes that the editor's tests make and a person may want to look at. Git ignores it. */
export const outputFolder: string = join(root, 'dist', 'test', 'editor');

/** What there is to see of a window in which something failed. */
export interface Evidence {
  place: Place;
  page: Page | undefined;
  /** The page's console. */
  said: string[];
  /** What code-server printed. */
  printed: string;
}

/** Keeps a failed window's screenshot, console and logs in a folder of its own, and returns that folder. */
export async function keepEvidence(name: string, { place, page, said, printed }: Evidence): Promise<string> {
  const folder = join(outputFolder, 'failures', name.replaceAll(/[^\w.-]+/g, '-'));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await page?.screenshot({ path: join(folder, 'screenshot.png'), timeout: 5_000 }).catch(() => {});
  await writeFile(join(folder, 'console.log'), said.join('\n'));
  await writeFile(join(folder, 'code-server.log'), printed);
  for await (const log of glob('logs/**/*.log', { cwd: place.userData }))
    await writeFile(join(folder, basename(log)), await readFile(join(place.userData, log)));
  return folder;
}
