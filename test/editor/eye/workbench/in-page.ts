import { join } from 'node:path';
import { build } from 'esbuild';
import type { Locator } from 'playwright-core';
import { root } from '../../../../scripts/root.ts';

/** The least contrast of what is read and of what is only looked at; as in `page/hard-to-see.ts`, which knows a page's types. */
export interface LeastContrast {
  text: number;
  icons: number;
}

interface InPage {
  still(part: unknown): Promise<void>;
  hardToSee(part: unknown, least: LeastContrast): string[];
  focused(): Focused;
}

/** As in `page/focused.ts`. */
export interface Focused {
  name: string;
  ring: number;
}

const scripts = bundle();

async function bundle(): Promise<string> {
  const entry = join(root, 'test', 'editor', 'eye', 'page', 'page.ts');
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: 'iife', globalName: 'inPage', write: false });
  return `${outputFiles[0]?.text}\nglobalThis.inPage = inPage;`;
}

/** What of a part of a page, or of a webview in it, is hard to see, each text or icon with its contrast, once nothing in it moves any more. */
export async function hardToSee(part: Locator, least: LeastContrast): Promise<string[]> {
  await bring(part);
  return part.evaluate(async (element, wanted) => {
    const { inPage } = globalThis as unknown as { inPage: InPage };
    await inPage.still(element);
    return inPage.hardToSee(element, wanted);
  }, least);
}

/** What has the keyboard in the document of a part, and how well that is to be seen. */
export async function focused(part: Locator): Promise<Focused> {
  await bring(part);
  return part.evaluate(() => (globalThis as unknown as { inPage: InPage }).inPage.focused());
}

/** Brings our scripts into the frame of a part. */
async function bring(part: Locator): Promise<void> {
  const frame = await (await part.elementHandle())?.ownerFrame();
  await frame?.evaluate(await scripts);
}
