import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { outputFolder } from '../../harness/evidence.ts';
import { hardToSee, type LeastContrast } from './in-page.ts';
import type { Workbench } from './workbench.ts';

/** A theme, with the class that the workbench has then, and the body of a webview. */
interface Theme {
  theme: string;
  shown: string;
  inWebview: string;
  least: LeastContrast;
}

/** The themes every view must be read in. */
const themes: Record<string, Theme> = {
  light: { theme: 'Default Light Modern', shown: '.vs', inWebview: '.vscode-light', least: { text: 4.5, icons: 3 } },
  dark: { theme: 'Default Dark Modern', shown: '.vs-dark', inWebview: '.vscode-dark', least: { text: 4.5, icons: 3 } },
  'high-contrast': {
    ...{ theme: 'Default High Contrast', shown: '.hc-black', inWebview: '.vscode-high-contrast' },
    least: { text: 7, icons: 3 },
  },
};

/** Looks at a window in each theme, once the workbench has it and, if there is one, the webview in which a part is. */
export async function inEachTheme(
  workbench: Workbench,
  part: Locator | undefined,
  look: (kind: string, theme: Theme) => Promise<void>,
): Promise<void> {
  const frame = await (await part?.elementHandle())?.ownerFrame();
  for (const [kind, each] of Object.entries(themes)) {
    await workbench.invoke({ setting: 'workbench.colorTheme', value: each.theme });
    await workbench.page.locator(`.monaco-workbench${each.shown}`).waitFor();
    if (frame && frame !== workbench.page.mainFrame()) await frame.locator(`body${each.inWebview}`).waitFor();
    await look(kind, each);
  }
}

/**
 * Takes a picture of the window in each theme, for a person to look at. `visible` waits for the words that must be on it,
 * so that no picture is of something that was not there yet. The `part` of the page, or of a webview, that is ours must be
 * easy to see.
 */
export async function takeScreenshots(workbench: Workbench, name: string, visible: () => Promise<unknown>, part?: Locator): Promise<void> {
  const folder = join(outputFolder, 'screenshots');
  await mkdir(folder, { recursive: true });
  await visible();
  await inEachTheme(workbench, part, async (kind, { theme, least }) => {
    await visible();
    if (part) assert.deepEqual(await hardToSee(part, least), [], `${name} in the theme ${theme}`);
    await workbench.page.screenshot({ path: join(folder, `${name}.${kind}.png`), animations: 'disabled' });
  });
}
