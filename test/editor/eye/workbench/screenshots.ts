import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { outputFolder } from '../../harness/evidence.ts';
import type { Workbench } from './workbench.ts';

/** The themes every view must be read in, with the class that the workbench has then. */
const themes = {
  light: { theme: 'Default Light Modern', shown: '.monaco-workbench.vs' },
  dark: { theme: 'Default Dark Modern', shown: '.monaco-workbench.vs-dark' },
  'high-contrast': { theme: 'Default High Contrast', shown: '.monaco-workbench.hc-black' },
} as const;

/**
 * Takes a picture of the window in each theme, for a person to look at. `visible` waits for the words that must be on it,
 * so that no picture is of something that was not there yet.
 */
export async function takeScreenshots(workbench: Workbench, name: string, visible: () => Promise<unknown>): Promise<void> {
  const folder = join(outputFolder, 'screenshots');
  await mkdir(folder, { recursive: true });
  for (const [kind, { theme, shown }] of Object.entries(themes)) {
    await workbench.invoke({ setting: 'workbench.colorTheme', value: theme });
    await workbench.page.locator(shown).waitFor();
    await visible();
    await workbench.page.screenshot({ path: join(folder, `${name}.${kind}.png`), animations: 'disabled' });
  }
}
