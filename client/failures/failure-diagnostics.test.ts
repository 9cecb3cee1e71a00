import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as vscode from 'vscode';
import { SpellError } from '../../runtime/api/errors.ts';
import type { Client } from '../../runtime/api/http/client-types.ts';
import type { ModelServer, ModelServerSummary, StartFailure } from '../../runtime/api/objects.ts';
import type { Context } from '../context.ts';
import type { ControlPlaneState } from '../control-plane/control-plane.ts';
import { Emitter } from '../emitter.ts';
import { Inventory } from '../inventory/inventory.ts';
import { failureDiagnostics } from './failure-diagnostics.ts';

const failure: StartFailure = { code: 'init-raised', message: 'KeyError', hint: null, file: 'p.py', line: 6, class: 'P' };
const servedFrom = { root: '/project', entrypoint: '/project/p.py' };

function documentOf(fsPath: string): vscode.TextDocument {
  return { languageId: 'python', lineCount: 0, uri: { scheme: 'file', fsPath } } as unknown as vscode.TextDocument;
}

/** A window in which Python is open, beside a control plane that was there before it. */
function open(servers: Partial<ModelServer>[], folder = '/project') {
  const shown = new Map<string, vscode.Diagnostic[]>();
  const asked: string[] = [];
  const drawn: string[] = [];
  const none = { event: () => ({ dispose: () => {} }) };
  const opened = new Emitter<vscode.TextDocument>();
  const closed = new Emitter<vscode.TextDocument>();
  const folders = new Emitter<void>();
  const textDocuments = [documentOf('/project/other.py')];
  const workspaceFolders = [{ uri: { scheme: 'file', fsPath: folder } }];
  const code = {
    Uri: { file: (path: string) => ({ path, toString: () => path }) },
    Range: class {
      start: { line: number };
      constructor(line: number) {
        this.start = { line };
      }
    },
    Diagnostic: class {
      range: unknown;
      message: string;
      constructor(range: unknown, message: string) {
        this.range = range;
        this.message = message;
      }
    },
    DiagnosticSeverity: { Error: 0 },
    languages: {
      createDiagnosticCollection: () => ({
        set: (uri: vscode.Uri, all: vscode.Diagnostic[]) => {
          drawn.push(uri.path);
          shown.set(uri.path, all);
        },
        dispose: () => {},
      }),
    },
    workspace: {
      textDocuments,
      workspaceFolders,
      getWorkspaceFolder: ({ path }: vscode.Uri) => workspaceFolders.find(({ uri }) => path.startsWith(`${uri.fsPath}/`)),
      onDidOpenTextDocument: opened.event,
      onDidCloseTextDocument: closed.event,
      onDidChangeWorkspaceFolders: folders.event,
    },
  } as unknown as typeof vscode;
  const client = {
    listModelServers: async () => servers.map(({ owner, name, state }) => ({ owner, name, state }) as ModelServerSummary),
    describeModelServer: async ({ name }: { name: string }) => {
      asked.push(name);
      const found = servers.find((each) => each.name === name);
      if (!found) throw new SpellError('not-found', 'it is gone');
      return { podList: [], ...found };
    },
  } as unknown as Client;
  const changed = new Emitter<ControlPlaneState>();
  const controlPlane = { state: { kind: 'ready' } as ControlPlaneState, onDidChange: changed.event, onEvent: none.event };
  const inventory = new Inventory(client, controlPlane as never);
  const registered = failureDiagnostics.register({ code, controlPlane, inventory } as unknown as Context);
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const openDocument = (path: string): void => {
    textDocuments.push(documentOf(path));
    opened.fire(documentOf(path));
  };
  const closeDocument = (path: string): void => {
    textDocuments.splice(0, textDocuments.length, ...textDocuments.filter(({ uri }) => uri.fsPath !== path));
    closed.fire(documentOf(path));
  };
  const addFolder = (path: string): void => {
    workspaceFolders.push({ uri: { scheme: 'file', fsPath: path } });
    folders.fire();
  };
  return { shown, asked, drawn, settled, registered, inventory, openDocument, closeDocument, addFolder };
}

test('an update that failed before the window opened is marked, though its model server runs well; each is asked once', async () => {
  const rollout = { state: 'failed', revision: 2, reason: 'x', stage: null, failure, log: [], servedFrom } as const;
  const others = Array.from({ length: 30 }, (_, at) => ({ owner: 'local', name: `s${at}`, state: 'running' as const, failure: null }));
  const { shown, asked, settled, registered } = open([
    { owner: 'local', name: 'digits', state: 'running', rollout: { ...rollout, log: [] }, failure: null, servedFrom },
    ...others,
  ]);
  await settled();
  assert.deepEqual(
    [...shown].map(([file, all]) => [file, all.map(({ message, range }) => [message, range.start.line])]),
    [['/project/p.py', [['digits: KeyError', 5]]]],
  );
  assert.equal(asked.length, 31);
  registered.dispose();
});

test('what happens to one model server draws the files again that it was blamed on, and no other', async () => {
  const failed = (name: string, file: string): Partial<ModelServer> => ({
    ...{ owner: 'local', name, state: 'failed', rollout: null },
    ...{ failure: { ...failure, file }, servedFrom },
  });
  const servers = [failed('a', 'shared.py'), failed('b', 'shared.py'), failed('c', 'own.py')];
  const { shown, asked, drawn, settled, registered, inventory } = open(servers);
  const counts = (): [string, number][] => [...shown].map(([file, all]) => [file, all.length]);
  const happensTo = async (name: string): Promise<void> => {
    drawn.length = 0;
    await inventory.modelServers.refresh(`local/${name}`);
    await settled();
  };
  await settled();
  assert.deepEqual(counts(), [
    ['/project/shared.py', 2],
    ['/project/own.py', 1],
  ]);
  asked.length = 0;
  await happensTo('c');
  assert.deepEqual([asked, drawn], [['c'], []], 'nothing about it is another');
  servers[0] = failed('a', 'own.py');
  await happensTo('a');
  assert.deepEqual(
    [drawn, counts().map(([, count]) => count)],
    [
      ['/project/shared.py', '/project/own.py'],
      [1, 2],
    ],
  );
  servers.pop();
  await happensTo('c');
  assert.deepEqual([drawn, counts().map(([, count]) => count)], [['/project/own.py'], [1, 1]]);
  registered.dispose();
});

test('a window that does not have the file marks nothing, until the file is opened in it or its folder is added', async () => {
  const { shown, settled, registered, openDocument, closeDocument, addFolder } = open(
    [{ owner: 'local', name: 'digits', state: 'failed', rollout: null, failure, servedFrom }],
    '/elsewhere',
  );
  const marked = (): number => shown.get('/project/p.py')?.length ?? 0;
  await settled();
  assert.equal(marked(), 0);
  openDocument('/project/p.py');
  assert.equal(marked(), 1);
  closeDocument('/project/p.py');
  assert.equal(marked(), 0);
  addFolder('/project');
  assert.equal(marked(), 1);
  registered.dispose();
});
