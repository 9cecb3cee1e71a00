import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Diagnostic, DocumentDiagnosticReport } from 'vscode-languageserver';
import { createConnection } from 'vscode-languageserver/node';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { startServer } from './server.ts';

const predictor =
  'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return {"a": {1}}\n';

/** A client on two in-memory streams: the real protocol, in one process. */
class Client {
  readonly connection: MessageConnection;
  readonly pushed: { uri: string; version?: number; diagnostics: Diagnostic[] }[] = [];
  readonly refreshed: string[] = [];
  /** What the server asked to be told of. */
  readonly registered: string[] = [];
  #waiting: (() => void)[] = [];

  constructor() {
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    startServer(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), 'file:///pages/');
    this.connection = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    this.connection.onNotification('textDocument/publishDiagnostics', (params) => {
      this.pushed.push(params);
      this.#wake();
    });
    this.connection.onRequest('client/registerCapability', ({ registrations }: { registrations: { method: string }[] }) => {
      this.registered.push(...registrations.map(({ method }) => method));
      return null;
    });
    this.connection.onRequest('workspace/configuration', () => [{ rules: { severity: { 'not-serialisable-return': 'warning' } } }]);
    for (const kind of ['diagnostic', 'codeLens', 'inlayHint'])
      this.connection.onRequest(`workspace/${kind}/refresh`, () => {
        this.refreshed.push(kind);
        this.#wake();
        return null;
      });
    this.connection.listen();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Waits until the server has sent what fulfils a condition. The test's own time limit is the deadline. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async start(folder: string, capabilities: object, options: object = {}): Promise<void> {
    await this.connection.sendRequest('initialize', {
      processId: null,
      rootUri: pathToFileURL(folder).href,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'x' }],
      capabilities,
      initializationOptions: options,
    });
    await this.connection.sendNotification('initialized', {});
  }

  open(uri: string, text: string, version = 1): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version, text } });
  }

  pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri }, previousResultId });
  }
}

const pulling = {
  textDocument: { diagnostic: {} },
  workspace: {
    diagnostics: { refreshSupport: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    codeLens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
  },
};

const cleanups: (() => Promise<void> | void)[] = [];

async function project(files: Record<string, string>): Promise<{ folder: string; uri: (name: string) => string }> {
  const folder = await mkdtemp(join(tmpdir(), 'spell-ls-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return { folder, uri: (name) => pathToFileURL(join(folder, name)).href };
}

function client(): Client {
  const made = new Client();
  cleanups.push(() => made.connection.dispose());
  return made;
}

function codes(report: DocumentDiagnosticReport): unknown[] {
  return report.kind === 'full' ? report.items.map((item) => item.code) : [report.kind];
}

suite('the language server, through its protocol', { timeout: 20_000 }, () => {
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });

  test('pulled diagnostics follow incremental edits, and say when nothing changed', async () => {
    const { folder, uri } = await project({ 'spell.yaml': 'entrypoint: predictor.py\n' });
    const each = client();
    await each.start(folder, pulling);
    await each.open(uri('predictor.py'), predictor);
    const first = await each.pull(uri('predictor.py'));
    assert.deepEqual(codes(first), ['not-serialisable-return']);
    assert.ok(first.kind === 'full' && first.resultId);
    assert.equal(first.items[0]?.codeDescription?.href, 'file:///pages/not-serialisable-return.md');
    assert.equal((await each.pull(uri('predictor.py'), first.resultId)).kind, 'unchanged');
    const brace = { start: { line: 5, character: 21 }, end: { line: 5, character: 24 } };
    await each.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: uri('predictor.py'), version: 2 },
      contentChanges: [
        { range: brace, text: '"😀"' },
        { range: { start: { line: 5, character: 25 }, end: { line: 5, character: 25 } }, text: ', "b": {2}' },
      ],
    });
    const second = await each.pull(uri('predictor.py'), first.resultId);
    assert.deepEqual(codes(second), ['not-serialisable-return']);
    assert.deepEqual(second.kind === 'full' && second.items[0]?.range.start, { line: 5, character: 32 });
  });

  test('a change of spell.yaml on disk, of the control plane or of a setting is told, and changes what is said', async () => {
    const { folder, uri } = await project({ 'spell.yaml': 'entrypoint: predictor.py\n' });
    const each = client();
    await each.start(folder, { ...pulling, workspace: { ...pulling.workspace, configuration: true } });
    const text = predictor.replace('{"a": {1}}', '{"v": self.model_info.version}');
    await each.open(uri('predictor.py'), text);
    await each.until(() => each.refreshed.includes('diagnostic'));
    assert.deepEqual(codes(await each.pull(uri('predictor.py'))), ['model-info-without-model']);
    each.refreshed.length = 0;
    await writeFile(join(folder, 'spell.yaml'), 'entrypoint: predictor.py\nmodel: digits\n');
    await each.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: uri('spell.yaml'), type: 2 }] });
    await each.until(
      () => each.refreshed.includes('diagnostic') && each.refreshed.includes('codeLens') && each.refreshed.includes('inlayHint'),
    );
    assert.deepEqual(codes(await each.pull(uri('predictor.py'))), []);
    each.refreshed.length = 0;
    await each.connection.sendNotification('spell/controlPlane', { models: [] });
    await each.until(() => each.refreshed.includes('diagnostic'));
    await each.open(uri('spell.yaml'), 'entrypoint: predictor.py\nmodel: digits\n');
    assert.deepEqual(codes(await each.pull(uri('spell.yaml'))), ['model-unknown']);
  });

  test('severities are the user’s to choose', async () => {
    const { folder, uri } = await project({});
    const each = client();
    const workspace = { ...pulling.workspace, configuration: true, didChangeConfiguration: { dynamicRegistration: true } };
    await each.start(folder, { ...pulling, workspace });
    await each.until(() => each.refreshed.includes('diagnostic'));
    assert.ok(each.registered.includes('workspace/didChangeConfiguration'), 'else VS Code never tells of a setting that changes');
    await each.open(uri('predictor.py'), predictor);
    const report = await each.pull(uri('predictor.py'));
    assert.deepEqual(report.kind === 'full' && report.items.map((item) => item.severity), [2]);
  });

  test('clients that cannot pull get diagnostics pushed with the version they are of, and cleared on close', async () => {
    const { folder, uri } = await project({});
    const each = client();
    await each.start(folder, {});
    await each.open(uri('predictor.py'), predictor, 7);
    await each.until(() => each.pushed.length > 0);
    assert.deepEqual(
      each.pushed.map(({ version, diagnostics }) => [version, diagnostics.map((one) => one.code)]),
      [[7, ['not-serialisable-return']]],
    );
    await each.connection.sendNotification('textDocument/didClose', { textDocument: { uri: uri('predictor.py') } });
    await each.until(() => each.pushed.length > 1);
    assert.deepEqual(each.pushed.at(-1)?.diagnostics, []);
  });

  test('only what a predictor imports is read', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`pkg/module_${i}.py`, `import module_${i + 1}\n`]));
    const { folder, uri } = await project({
      ...many,
      'pkg/__init__.py': '',
      'base.py':
        'from spell.serving import BasePredictor\nfrom other import x\n\n\nclass Base(BasePredictor):\n    def predict(self, payload):\n        return x\n',
      'other.py': 'x = 1\n',
    });
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    const workspace = startServer(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), 'file:///pages/');
    const connection = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    cleanups.push(() => connection.dispose());
    connection.onRequest('client/registerCapability', () => null);
    connection.listen();
    await connection.sendRequest('initialize', { processId: null, rootUri: pathToFileURL(folder).href, capabilities: pulling });
    assert.equal(workspace.files.disk.size, 0, 'opening a folder reads nothing');
    await connection.sendNotification('textDocument/didOpen', {
      textDocument: {
        uri: uri('predictor.py'),
        languageId: 'python',
        version: 1,
        text: 'from base import Base\n\n\nclass P(Base):\n    pass\n',
      },
    });
    await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri: uri('predictor.py') } });
    const known = (name: string): boolean => workspace.files.disk.known(`text:${join(folder, name)}`) !== undefined;
    assert.ok(known('base.py'));
    assert.ok(!known('pkg/module_0.py') && !known('pkg/__init__.py'));
  });

  test('untitled documents, other schemes and files that are nothing but errors harm nobody', async () => {
    const { folder } = await project({});
    const each = client();
    await each.start(folder, pulling);
    for (const uri of [
      'untitled:Untitled-1',
      'vscode-vfs://github/a/b/predictor.py',
      'git:/a/predictor.py?ref',
      'nonsense',
      'file:///%ZZ/predictor.py',
    ]) {
      await each.open(uri, predictor);
      const report = await each.pull(uri);
      assert.equal(report.kind, 'full', uri);
      await each.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: 999, character: 999 } });
    }
    const broken = ')]}"""(\n'.repeat(20_000);
    await each.open('file:///x/broken.py', broken);
    assert.deepEqual(codes(await each.pull('file:///x/broken.py')), []);
    assert.deepEqual(codes(await each.pull('vscode-vfs://github/a/b/predictor.py')), ['not-serialisable-return']);
  });

  test('a code action’s edit is versioned, and carries the diagnostic that it fixes', async () => {
    const { folder, uri } = await project({});
    const each = client();
    await each.start(folder, {
      ...pulling,
      workspace: { ...pulling.workspace, workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } },
    });
    const text = predictor.replace('    def predict(self, payload):', '    def predict(self):');
    await each.open(uri('predictor.py'), text, 3);
    const report = await each.pull(uri('predictor.py'));
    assert.ok(report.kind === 'full');
    const [diagnostic] = report.items;
    const actions = await each.connection.sendRequest<
      {
        title: string;
        isPreferred?: boolean;
        diagnostics?: Diagnostic[];
        edit: { documentChanges: { textDocument: { version: number } }[] };
      }[]
    >('textDocument/codeAction', {
      textDocument: { uri: uri('predictor.py') },
      range: diagnostic?.range,
      context: { diagnostics: [diagnostic] },
    });
    const fix = actions.find((action) => action.title === 'Add a parameter for the payload');
    assert.ok(fix?.isPreferred);
    assert.equal(fix.edit.documentChanges[0]?.textDocument.version, 3);
    assert.equal(fix.diagnostics?.[0]?.code, 'predict-arguments');
    assert.ok(actions.some((action) => action.title === 'Ignore predict-arguments on this line'));
  });

  test('a request that is cancelled is answered as cancelled, and the server goes on', async () => {
    const { folder, uri } = await project({});
    const each = client();
    await each.start(folder, pulling);
    await each.open(uri('predictor.py'), predictor);
    const { CancellationTokenSource } = await import('vscode-languageserver-protocol/node');
    const source = new CancellationTokenSource();
    const asked = each.connection.sendRequest(
      'textDocument/hover',
      { textDocument: { uri: uri('predictor.py') }, position: { line: 3, character: 8 } },
      source.token,
    );
    source.cancel();
    await assert.rejects(asked, { code: -32800 });
    assert.deepEqual(codes(await each.pull(uri('predictor.py'))), ['not-serialisable-return']);
  });
});
