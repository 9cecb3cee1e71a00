import assert from 'node:assert/strict';
import { glob } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/root.ts';
import { desktopCode } from '../../scripts/testing/editor/desktop-code.ts';
import { editorTools } from '../../scripts/testing/editor/editor-tools.ts';
import { bundleHostTests, hostTestFiles } from './harness/host-bundle.ts';
import type { HostRun } from './harness/host-run.ts';
import { mapStack } from './harness/map-stack.ts';
import { runInBrowser } from './harness/run-in-browser.ts';
import { runOnDesktop } from './harness/run-on-desktop.ts';
import type { WindowOptions } from './harness/window-options.ts';

/** Runs a window's tests where `SPELL_EDITOR` says; the browser is where they run without a desktop. */
async function run(name: string, options: WindowOptions, bundle: string): Promise<HostRun> {
  if (process.env.SPELL_EDITOR === 'desktop') return await runOnDesktop(name, options, bundle, await desktopCode());
  return await runInBrowser(name, options, bundle, await editorTools());
}

const windows: string[] = [];
for await (const file of glob('test/editor/host/*/window.ts', { cwd: root })) windows.push(basename(dirname(file)));

for (const name of windows.sort()) {
  const files = await hostTestFiles(name);
  if (files.length === 0) continue;
  test(`the window ${name}`, async (t) => {
    const { window } = (await import(join(root, 'test', 'editor', 'host', name, 'window.ts'))) as { window: WindowOptions };
    const bundle = await bundleHostTests(name, files);
    const { results, problem, evidence } = await run(name, window, bundle);
    for (const { title, outcome, error } of results) {
      await t.test(title, { skip: outcome === 'skipped' }, () => {
        if (outcome === 'failed') assert.fail(`${mapStack(error ?? '', bundle)}\nsee ${evidence}`);
      });
    }
    assert.equal(problem, undefined, `${problem}\nsee ${evidence}`);
  });
}
