import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { EditorTools } from '../../../scripts/testing/editor/editor-tools.ts';
import { readResults, resultsVariable } from './host-results.ts';
import { type HostRun, leftBehind, runTimeoutMs } from './host-run.ts';
import { openWindow } from './window.ts';
import type { WindowOptions } from './window-options.ts';

/** Opens a window in a browser, lets its extension host run a bundle of tests, and ends everything again. */
export async function runInBrowser(name: string, options: WindowOptions, bundle: string, tools: EditorTools): Promise<HostRun> {
  const window = await openWindow(options, tools);
  const run: HostRun = { results: [], problem: undefined, evidence: undefined };
  const file = join(window.place.folder, 'results.jsonl');
  try {
    const exit = await listenForExit(window.page);
    await window.load([
      ['extensionTestsPath', window.remote(bundle)],
      ['extensionEnvironment', JSON.stringify({ [resultsVariable]: file })],
    ]);
    await exit.promise;
  } catch (error) {
    run.problem = error instanceof Error ? error.message : String(error);
  }
  run.results = await readResults(file);
  if (run.results.length === 0) run.problem ??= 'no test ran';
  if (run.problem !== undefined || run.results.some(({ outcome }) => outcome === 'failed')) run.evidence = await window.keepEvidence(name);
  const left = await window.close();
  run.problem ??= leftBehind(left);
  return run;
}

/**
 * The promise is fulfilled when the extension host has run its tests, however they ended, and rejected when it does not.
 * The two functions are what the smoke-test driver of VS Code calls in the page.
 */
async function listenForExit(page: Page): Promise<{ promise: Promise<void> }> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  await page.exposeFunction('codeAutomationExit', () => resolve());
  await page.exposeFunction('codeAutomationLog', () => {});
  const timer = setTimeout(() => reject(new Error(`the tests did not end within ${runTimeoutMs / 1000} s`)), runTimeoutMs);
  page.once('crash', () => reject(new Error('the page crashed')));
  return { promise: promise.finally(() => clearTimeout(timer)) };
}
