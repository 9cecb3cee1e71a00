import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { outputFolder } from '../../harness/evidence.ts';
import { hardToSee } from './in-page.ts';
import type { Workbench } from './workbench.ts';

/** The themes every view must be read in, with the class that the workbench has then. */
const themes = {
  light: { theme: 'Default Light Modern', shown: '.monaco-workbench.vs', least: { text: 4.5, icons: 3 } },
  dark: { theme: 'Default Dark Modern', shown: '.monaco-workbench.vs-dark', least: { text: 4.5, icons: 3 } },
  'high-contrast': { theme: 'Default High Contrast', shown: '.monaco-workbench.hc-black', least: { text: 7, icons: 3 } },
} as const;

/**
 * Takes a picture of the window in each theme, for a person to look at. `visible` waits for the words that must be on it,
 * so that no picture is of something that was not there yet. The `part` of the page that is ours must be easy to see.
 */
export async function takeScreenshots(workbench: Workbench, name: string, visible: () => Promise<unknown>, part?: Locator): Promise<void> {
  const folder = join(outputFolder, 'screenshots');
  await mkdir(folder, { recursive: true });
  for (const [kind, { theme, shown, least }] of Object.entries(themes)) {
    await workbench.invoke({ setting: 'workbench.colorTheme', value: theme });
    await workbench.page.locator(shown).waitFor();
    await visible();
    if (part) assert.deepEqual(await hardToSee(workbench.page, part, least), [], `${name} in the theme ${theme}`);
    await workbench.page.screenshot({ path: join(folder, `${name}.${kind}.png`), animations: 'disabled' });
  }
}
