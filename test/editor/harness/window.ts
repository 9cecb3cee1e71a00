import assert from 'node:assert/strict';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../../scripts/root.ts';
import type { EditorTools } from '../../../scripts/testing/editor/editor-tools.ts';
import { eventually } from '../../harness/eventually.ts';
import { launchBrowser, openPage } from './browser.ts';
import { type EditorProcess, startEditor } from './editor-process.ts';
import { keepEvidence } from './evidence.ts';
import { installPackaged } from './packaged-extension.ts';
import { makePlace, type Place, placeBeside } from './place.ts';
import { runnerExtension } from './runner-extension.ts';
import type { WindowOptions } from './window-options.ts';

/** A real VS Code in a browser's page, with a place of its own. Nothing is loaded before {@link EditorWindow.load}. */
export interface EditorWindow {
  place: Place;
  page: Page;
  /** All that the page has said on its console. */
  said: string[];
  /** Loads the workbench. `payload` is what a desktop has as command-line arguments, beside those of the options. */
  load(payload?: [name: string, value: string][]): Promise<void>;
  /** A path as the page names it, in a payload. */
  remote(path: string): string;
  /** Keeps what there is to see in a folder of its own, and returns that. */
  keepEvidence(name: string): Promise<string>;
  /** Opens another window of the same editor, with a copy of a folder, given from the checkout's root. Nothing is loaded yet. */
  beside(workspace: string): Promise<EditorWindow>;
  /** Closes the window as a person does. It can be loaded again. */
  leave(): Promise<void>;
  /** Ends the editor with all its windows. What they started may go on. */
  end(): Promise<void>;
  /** Ends everything. Returns the commands of what still ran when the window was gone. */
  close(): Promise<string[]>;
}

/** Starts what a window needs. The caller closes it. */
export async function openWindow(options: WindowOptions, tools: EditorTools): Promise<EditorWindow> {
  const place = await makePlace(options.workspace && join(root, options.workspace), options.settings);
  let editor: EditorProcess | undefined;
  let browser: Browser | undefined;
  const end = async (): Promise<void> => {
    await browser?.close();
    await editor?.stop();
  };
  const close = async (): Promise<string[]> => {
    await end();
    return await place.remove();
  };
  try {
    if (options.extension === 'packaged') await installPackaged(tools.codeServer, place);
    const started = await startEditor(tools.codeServer, place, options.trusted ?? true);
    editor = started;
    const launched = await launchBrowser(tools.chromium);
    browser = launched;
    const development = await oneFolder(place, await developed(options));
    const remote = (path: string): string => pathToFileURL(path).href.replace('file://', `vscode-remote://${new URL(started.origin).host}`);
    const show = async (own: Place): Promise<EditorWindow> => {
      const { page, said } = await openPage(launched);
      return {
        ...{ place: own, page, said, remote, end, close },
        load: async (payload = []) => {
          const folder = options.open ?? own.workspace;
          const all = [...common, ['extensionDevelopmentPath', remote(development)], ...payload];
          await page.goto(`${started.origin}/?${new URLSearchParams({ folder, payload: JSON.stringify(all) })}`, {
            waitUntil: 'commit',
            timeout: loadWithinMs,
          });
        },
        beside: async (workspace) => show(await placeBeside(own, join(root, workspace))),
        leave: async () => {
          // A page that goes tells its extension host to end, which takes a moment; a browser that is ended does not.
          await page.goto('about:blank');
          const port = await readFile(own.invokeFile, 'utf8');
          await eventually(() => assert.rejects(fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' })), leaveWithinMs);
        },
        keepEvidence: (name) => keepEvidence(name, { place: own, page, said, printed: started.output() }),
      };
    };
    return await show(place);
  } catch (error) {
    await close();
    throw error;
  }
}

/** A machine that does much else has taken half a minute for the page alone. */
const loadWithinMs = 90_000;

/** Longer than an editor waits for its extensions. */
const leaveWithinMs = 30_000;

/** What every page is asked for. */
const common = [
  ['skipWelcome', 'true'],
  ['skipReleaseNotes', 'true'],
];

/** The folders of the extensions that are loaded as they lie there. */
export async function developed({ extension }: WindowOptions): Promise<string[]> {
  return [...(extension === 'packaged' ? [] : [root]), await runnerExtension()];
}

/** A folder that holds these: a page's payload has room for one path, and each extension in that folder is loaded. */
async function oneFolder(place: Place, folders: string[]): Promise<string> {
  const development = join(place.folder, 'development');
  await mkdir(development, { recursive: true });
  // A checkout may be called like the other one.
  for (const [at, folder] of folders.entries()) await symlink(folder, join(development, `${at}-${basename(folder)}`));
  return development;
}
