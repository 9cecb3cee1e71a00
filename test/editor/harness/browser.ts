import { type Browser, chromium, type Page } from 'playwright-core';

/** Chromium as the tests use it: without a sandbox that root may not have, and without `/dev/shm`, which containers keep small. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
}

/** A page of the size of a small laptop's screen, whose clipboard nobody has to allow, and all that it has said on its console. */
export async function openPage(browser: Browser): Promise<{ page: Page; said: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const said: string[] = [];
  page.on('console', (message) => said.push(`[${message.type()}] ${message.text()}`));
  page.on('pageerror', (error) => said.push(`[error] ${error.stack ?? error.message}`));
  return { page, said };
}
