import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as vscode from 'vscode';
import { chosenInterpreter, watchInterpreter } from './interpreter.ts';

/** The two parts of the editor that are asked, with a Python extension whose environment can be changed. */
function fakeEditor(
  setting: string,
  environment: string | undefined,
): { code: Pick<typeof vscode, 'workspace' | 'extensions'>; select(path: string): void } {
  let path = environment ?? '';
  const listeners: (() => void)[] = [];
  const environments = {
    getActiveEnvironmentPath: () => ({ path }),
    resolveEnvironment: async () => ({ executable: { uri: { fsPath: path } } }),
    onDidChangeActiveEnvironmentPath: (listener: () => void) => {
      listeners.push(listener);
      return { dispose: () => {} };
    },
  };
  const code = {
    workspace: { getConfiguration: () => ({ get: () => setting }), onDidChangeConfiguration: () => ({ dispose: () => {} }) },
    extensions: { getExtension: () => (environment === undefined ? undefined : { activate: async () => ({ environments }) }) },
  } as unknown as Pick<typeof vscode, 'workspace' | 'extensions'>;
  return {
    code,
    select(other) {
      path = other;
      for (const listener of listeners) listener();
    },
  };
}

test('our setting wins over the Python extension, which may be absent', async () => {
  assert.equal(await chosenInterpreter(fakeEditor('/mine/python', '/theirs/python').code), '/mine/python');
  assert.equal(await chosenInterpreter(fakeEditor('', '/theirs/python').code), '/theirs/python');
  assert.equal(await chosenInterpreter(fakeEditor('', undefined).code), undefined);
});

test('only another interpreter is told of, however often the extension speaks', async () => {
  const editor = fakeEditor('', '/a/python');
  const told: (string | undefined)[] = [];
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  watchInterpreter(editor.code, (python) => told.push(python));
  await settled();
  editor.select('/a/python');
  editor.select('/a/python');
  await settled();
  editor.select('/b/python');
  await settled();
  assert.deepEqual(told, ['/a/python', '/b/python']);
});
