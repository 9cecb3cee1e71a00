import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from '../test/editor/harness/browser.ts';
import { root } from './root.ts';
import { editorTools } from './testing/editor/editor-tools.ts';

/** The side of the marketplace's icon in pixels: twice what it shows, for dense screens. */
const side = 256;

/** Draws `media/icon.png`, the marketplace's icon, from the icon of the activity bar: the marketplace takes no SVG. */
async function generateIcon(): Promise<void> {
  const glyph = await readFile(join(root, 'media', 'spell.svg'), 'utf8');
  const { chromium } = await editorTools();
  const browser = await launchBrowser(chromium);
  try {
    const page = await browser.newPage({ viewport: { width: side, height: side } });
    await page.setContent(`<style>
      * { margin: 0 }
      div { width: ${side}px; height: ${side}px; border-radius: 22%; background: #1f2a44; color: #ffffff; display: grid; place-items: center }
      svg { width: 68%; height: 68% }
    </style><div>${glyph}</div>`);
    await writeFile(join(root, 'media', 'icon.png'), await page.screenshot({ omitBackground: true }));
  } finally {
    await browser.close();
  }
}

await generateIcon();
