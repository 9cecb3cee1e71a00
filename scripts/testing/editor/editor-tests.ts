import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../root.ts';
import { MissingTool } from '../missing-tool.ts';
import { runNodeTests } from '../node-tests.ts';
import type { Tally } from '../tally.ts';
import { desktopCode } from './desktop-code.ts';
import { editorTools } from './editor-tools.ts';

/** All windows together: ten seconds each, on two cores. */
const timeoutMs = 10 * 60_000;

/** Where the tests of the extension host run. Those with a user's eyes need the browser. */
export type Editor = 'browser' | 'desktop';

/**
 * Runs the tests in a real VS Code, one window at a time: all of them, or those whose file contains one of the words.
 * Where a tool is missing and cannot be brought, says which, and counts one as skipped.
 */
export async function runEditorTests(editor: Editor, words: string[] = []): Promise<Tally> {
  try {
    if (editor === 'browser') await editorTools();
    else process.env.VSCODE_EXECUTABLE_PATH = await desktopCode();
  } catch (error) {
    if (!(error instanceof MissingTool)) throw error;
    console.log(`the tests in a real VS Code are skipped: ${error.message}`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  process.env.SPELL_EDITOR = editor;
  process.env.SPELL_EDITOR_TESTS = words.join(' ');
  return await runNodeTests(await files(editor, words), 1, timeoutMs);
}

/** The files of Node's test runner; `host.test.ts` is the one that runs those of the extension host. */
async function files(editor: Editor, words: string[]): Promise<string[]> {
  const wanted = (file: string): boolean => words.length === 0 || words.some((word) => file.includes(word));
  const found: string[] = [];
  for await (const file of glob(['test/editor/host/*/*.test.ts', 'test/editor/eye/*.test.ts'], { cwd: root }))
    if (wanted(file)) found.push(file);
  const inHost = (file: string): boolean => file.startsWith(join('test', 'editor', 'host'));
  const runner = found.some(inHost) ? ['test/editor/host.test.ts'] : [];
  return editor === 'desktop' ? runner : [...runner, ...found.filter((file) => !inHost(file))];
}
