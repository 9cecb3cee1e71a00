import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type * as vscode from 'vscode';
import { eventually } from '../../test/harness/eventually.ts';
import { addImportPath } from '../commands/python/addImportPath.ts';
import type { Context } from '../context.ts';
import { importFolder, linkPackages, renewPackages } from './import-path.ts';
import { unresolvedImports } from './unresolved-imports.ts';

type Extension = Pick<Context, 'extension'>;

/** Two versions of the extension side by side, as an update leaves them for a moment. */
async function versions(t: { after(end: () => Promise<void>): void }): Promise<{ old: Extension; new: Extension; storage: string }> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'spell-import-')));
  t.after(() => rm(root, { recursive: true }));
  const storage = join(root, 'storage');
  const version = async (name: string): Promise<Extension> => {
    const packages = join(root, name, 'dist', 'python', 'spell');
    await mkdir(packages, { recursive: true });
    await writeFile(join(packages, '__init__.py'), name);
    return { extension: { extensionUri: { fsPath: join(root, name) }, globalStorageUri: { fsPath: storage } } } as Extension;
  };
  return { old: await version('spell-0.1.0'), new: await version('spell-0.2.0'), storage };
}

test('the folder to search stays the same over an update, and leads to the new version', async (t) => {
  const installed = await versions(t);
  const folder = importFolder(installed.old, 'spell.serving');
  const initial = (): Promise<string> => readFile(join(folder, 'spell', '__init__.py'), 'utf8');
  await linkPackages(installed.old);
  await linkPackages(installed.old);
  assert.equal(await initial(), 'spell-0.1.0');
  assert.equal(importFolder(installed.new, 'spell.serving'), folder);
  await renewPackages(installed.new, []);
  assert.equal(await initial(), 'spell-0.2.0');
});

test('an update makes no link where nobody asked for one', async (t) => {
  const installed = await versions(t);
  await renewPackages(installed.new, ['lib']);
  await assert.rejects(readFile(join(importFolder(installed.new, 'spell'), 'spell', '__init__.py')), { code: 'ENOENT' });
});

test('windows that come up together after an update make the link once, and none of them fails', async (t) => {
  const installed = await versions(t);
  await linkPackages(installed.old);
  await Promise.all(Array.from({ length: 8 }, () => linkPackages(installed.new)));
  assert.equal(await readFile(join(importFolder(installed.new, 'spell'), 'spell', '__init__.py'), 'utf8'), 'spell-0.2.0');
});

/** The settings of an analyser on their three levels, and one document whose text is the module's name. */
function editorWith(
  installed: Extension,
  levels: Partial<Record<'globalValue' | 'workspaceValue' | 'workspaceFolderValue', string[]>>,
  open: readonly Pick<vscode.TextDocument, 'languageId'>[] = [],
) {
  const updates: [string, string[], number][] = [];
  let provider: vscode.CodeActionProvider | undefined;
  class CodeAction {
    title: string;
    command: vscode.Command | undefined;
    constructor(title: string) {
      this.title = title;
    }
  }
  const code = {
    CodeAction,
    CodeActionKind: { QuickFix: 'quickfix' },
    ConfigurationTarget: { Global: 1, Workspace: 2, WorkspaceFolder: 3 },
    Uri: { parse: (text: string) => text },
    l10n: { t: (text: string, ...values: string[]) => text.replace(/\{(\d)\}/g, (_, at: string) => values[Number(at)] ?? '') },
    languages: {
      registerCodeActionsProvider: (_: unknown, registered: vscode.CodeActionProvider) => {
        provider = registered;
        return { dispose: () => {} };
      },
    },
    window: { setStatusBarMessage: () => {} },
    workspace: {
      textDocuments: open,
      onDidOpenTextDocument: () => ({ dispose: () => {} }),
      getConfiguration: (section: string) => ({
        get: () => levels.workspaceFolderValue ?? levels.workspaceValue ?? levels.globalValue,
        inspect: () => levels,
        update: async (key: string, value: string[], target: number) => void updates.push([`${section}.${key}`, value, target]),
      }),
    },
  };
  const context = { ...installed, code, log: { warn: assert.fail } } as unknown as Context;
  const registered = unresolvedImports.register(context);
  const actions = (module: string, source: string, rule: string | { value: string }): vscode.CodeAction[] => {
    const document = { getText: () => module, uri: 'file:///p.py' } as unknown as vscode.TextDocument;
    const diagnostic = { source, code: rule, range: {} } as vscode.Diagnostic;
    const about = { diagnostics: [diagnostic] } as unknown as vscode.CodeActionContext;
    return provider?.provideCodeActions(
      document,
      diagnostic.range as vscode.Range,
      about,
      {} as vscode.CancellationToken,
    ) as vscode.CodeAction[];
  };
  return { context, updates, actions, registered };
}

test('a Python file with which the window comes up leads the link to the new version; one that came with the settings alone is made', async (t) => {
  const made = await versions(t);
  await linkPackages(made.old);
  const synchronised = await versions(t);
  const named = [join(importFolder(synchronised.new, 'starlette'))];
  for (const [installed, levels] of [
    [made, {}],
    [synchronised, { globalValue: named }],
  ] as const) {
    const { registered } = editorWith(installed.new, levels, [{ languageId: 'json' }, { languageId: 'python' }]);
    const initial = join(importFolder(installed.new, 'spell'), 'spell', '__init__.py');
    await eventually(async () => assert.equal(await readFile(initial, 'utf8'), 'spell-0.2.0'), 20_000);
    registered.dispose();
  }
});

test('an import of ours that an analyser does not find can be shown to it; other complaints are left to it', async (t) => {
  const { new: installed } = await versions(t);
  const { actions } = editorWith(installed, {});
  const [action] = actions('spell.serving', 'Pylance', { value: 'reportMissingImports' });
  assert.equal(action?.title, 'Show Pylance where spell.serving is (python.analysis.extraPaths)');
  assert.equal(action.command?.command, 'spell.python.addImportPath');
  assert.equal(actions('starlette.requests', 'basedpyright', 'reportMissingImports').length, 1);
  assert.equal(actions('torch', 'Pylance', 'reportMissingImports').length, 0);
  assert.equal(actions('spell.serving', 'Pylance', 'reportUnusedImport').length, 0);
  assert.equal(actions('spell.serving', 'mypy', 'reportMissingImports').length, 0);
});

test('it is offered once, and added where the setting is set already, else for this person', async (t) => {
  const { new: installed } = await versions(t);
  const folder = importFolder(installed, 'spell');
  assert.equal(editorWith(installed, { globalValue: [folder] }).actions('spell.serving', 'Pylance', 'reportMissingImports').length, 0);
  const target = { module: 'spell.serving', section: 'python.analysis', uri: 'file:///p.py' };
  const person = editorWith(installed, {});
  assert.equal(await addImportPath(person.context, target), folder);
  assert.deepEqual(person.updates, [['python.analysis.extraPaths', [folder], 1]]);
  const project = editorWith(installed, { workspaceValue: ['lib'], globalValue: ['mine'] });
  await addImportPath(project.context, { ...target, module: 'starlette' });
  assert.deepEqual(project.updates, [['python.analysis.extraPaths', ['lib', join(folder, 'vendor')], 2]]);
});
