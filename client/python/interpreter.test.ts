import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as vscode from 'vscode';
import { Emitter } from '../emitter.ts';
import type { Editor } from './environment-provider.ts';
import { interpreterOfSetting, selectedInterpreter, watchInterpreter } from './interpreter.ts';

/** The parts of the editor that are asked, with the extensions that are there, and settings by their whole names. */
class FakeEditor {
  readonly settings: Record<string, unknown> = {};
  readonly installed: Record<string, unknown> = {};
  readonly #changedSettings = new Emitter<vscode.ConfigurationChangeEvent>();
  readonly #changedExtensions = new Emitter<void>();

  get code(): Editor {
    return {
      workspace: {
        getConfiguration: (section: string) => ({ get: (key: string) => this.settings[`${section}.${key}`] }),
        onDidChangeConfiguration: (listener: (event: vscode.ConfigurationChangeEvent) => void) => this.#changedSettings.event(listener),
      },
      extensions: {
        getExtension: (id: string) => (id in this.installed ? { activate: async () => this.installed[id] } : undefined),
        onDidChange: (listener: () => void) => this.#changedExtensions.event(listener),
      },
    } as unknown as Editor;
  }

  set(name: string, value: unknown): void {
    this.settings[name] = value;
    this.#changedSettings.fire({ affectsConfiguration: (section) => section === name });
  }

  install(id: string, api: unknown): void {
    this.installed[id] = api;
    this.#changedExtensions.fire();
  }
}

/** An API of the Python extension whose environment can be changed, and that then speaks three times. */
function pythonExtension(path: string): { environments: object; select(path: string): void } {
  const changed = new Emitter<void>();
  let selected = path;
  return {
    environments: {
      getActiveEnvironmentPath: (resource?: { fsPath: string }) => ({ path: resource ? `${selected} for ${resource.fsPath}` : selected }),
      resolveEnvironment: async (asked: { path: string }) => ({ executable: { uri: { fsPath: asked.path } } }),
      onDidChangeActiveEnvironmentPath: (listener: () => void) => changed.event(listener),
    },
    select: (other) => {
      selected = other;
      for (let told = 0; told < 3; told++) changed.fire();
    },
  };
}

/** An API of the Python Environments extension; without `execInfo` until the environment is resolved. */
function environmentsExtension(executable: string, resolved: boolean): object {
  const environment = { environmentPath: '/envs/one', ...(resolved && { execInfo: { run: { executable } } }) };
  return {
    getEnvironment: async () => environment,
    resolveEnvironment: async (path: string) => (path === '/envs/one' ? { ...environment, execInfo: { run: { executable } } } : undefined),
    onDidChangeEnvironment: () => ({ dispose: () => {} }),
  };
}

const settled = async (): Promise<void> => {
  for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
};

test('the Python Environments extension is asked first, then the Python extension; with neither, none is selected', async () => {
  const editor = new FakeEditor();
  assert.equal(await selectedInterpreter(editor.code), undefined);
  editor.installed['ms-python.python'] = pythonExtension('/py/python');
  assert.equal(await selectedInterpreter(editor.code), '/py/python');
  editor.installed['ms-python.vscode-python-envs'] = environmentsExtension('/envs/one/bin/python', true);
  assert.equal(await selectedInterpreter(editor.code), '/envs/one/bin/python');
  editor.installed['ms-python.vscode-python-envs'] = environmentsExtension('/envs/one/bin/python', false);
  assert.equal(await selectedInterpreter(editor.code), '/envs/one/bin/python');
});

test('a Python Environments extension that is switched off, or starts without an API, leaves it to the Python extension', async () => {
  const editor = new FakeEditor();
  editor.installed['ms-python.python'] = pythonExtension('/py/python');
  editor.installed['ms-python.vscode-python-envs'] = environmentsExtension('/envs/one/bin/python', true);
  editor.settings['python.useEnvironmentsExtension'] = false;
  assert.equal(await selectedInterpreter(editor.code), '/py/python');
  editor.settings['python.useEnvironmentsExtension'] = true;
  editor.installed['ms-python.vscode-python-envs'] = null;
  assert.equal(await selectedInterpreter(editor.code), '/py/python');
});

test('a file is asked for itself: folders of a window may have an environment each', async () => {
  const editor = new FakeEditor();
  editor.installed['ms-python.python'] = pythonExtension('/py/python');
  assert.equal(await selectedInterpreter(editor.code, { fsPath: '/b/p.py' } as vscode.Uri), '/py/python for /b/p.py');
});

test('only another interpreter is told of, however often the extension speaks', async () => {
  const editor = new FakeEditor();
  const python = pythonExtension('/a/python');
  editor.installed['ms-python.python'] = python;
  const told: (string | undefined)[] = [];
  const watch = watchInterpreter(editor.code, (path) => told.push(path));
  await settled();
  python.select('/a/python');
  await settled();
  python.select('/b/python');
  await settled();
  editor.set('spell.python.path', '/mine/python');
  await settled();
  python.select('/c/python');
  await settled();
  assert.deepEqual(told, ['/a/python', '/b/python', '/mine/python']);
  assert.equal(interpreterOfSetting(editor.code), '/mine/python');
  watch.dispose();
  editor.set('spell.python.path', '');
  await settled();
  assert.equal(told.length, 3);
});

test('an extension that is installed later is heard', async () => {
  const editor = new FakeEditor();
  const told: (string | undefined)[] = [];
  watchInterpreter(editor.code, (path) => told.push(path));
  await settled();
  editor.install('ms-python.python', pythonExtension('/late/python'));
  await settled();
  assert.deepEqual(told, [undefined, '/late/python']);
});
