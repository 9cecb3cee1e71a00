import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createConnection } from 'vscode-languageserver/node';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { root } from '../../scripts/root.ts';
import { startServer } from '../../server/connection/server.ts';
import { applied, Random } from '../../server/testing/random.ts';

/**
 * What the language server costs, against what issue "The language server" asks for: over stdio against the bundle, one
 * edit and one request at a time, as while typing. A line that misses its limit makes the run fail.
 */
const editsMeasured = 500;
const limits = {
  320: { diagnostics: 15, feature: 5 },
  5420: { diagnostics: 60, feature: 20 },
} as const;
const startLimitMs = 300;
const memoryEdits = 10_000;
const memoryLimitMb = 30;

const folder = mkdtempSync(join(tmpdir(), 'spell-ls-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function report(what: string, value: number, limit: number, unit: string): void {
  const met = value <= limit;
  console.log(`${met ? '  ok  ' : ' MISS '} ${what.padEnd(52)} ${value.toFixed(1).padStart(8)} ${unit}   (limit ${limit})`);
  if (!met) process.exitCode = 1;
}

/** A predictor file of a length, as large files are: helpers, data, one class after the other. */
function predictorOf(lines: number): string {
  const head =
    'import json\nimport numpy as np\nfrom starlette.requests import Request\nfrom spell.serving import BasePredictor, metrics\n\n';
  const part = (i: number): string => `
def transform_${i}(rows, scale=1.0, *, offset=0):
    """Scales rows, and shifts them."""
    result = []
    for index, row in enumerate(rows):
        if row is None or len(row) == 0:
            continue
        result.append([value * scale + offset for value in row])
    return {"rows": result, "count": len(result), "name": f"part {index!r}"}


class Stage${i}:
    table = {"a": 1, "b": [1, 2, 3], "c": {"deep": True}}

    def __init__(self, path="/model/stage-${i}.json"):
        with open(path) as handle:
            self.weights = np.array(json.load(handle)["weights"])

    def run(self, payload):
        value = self.weights @ np.asarray(payload["x"])
        return transform_${i}([value], scale=self.table["a"])

`;
  const predictor = `
class Predictor(BasePredictor):
    def __init__(self, threshold: float = 0.5):
        self.threshold = threshold
        self.stages = []

    def predict(self, payload, request: Request):
        values = [stage.run(payload) for stage in self.stages]
        metrics.send_metric("values", len(values))
        return {"above": [value for value in values if value > self.threshold], "path": request.url.path}

    def health(self):
        return {"status": "ok"}
`;
  let text = head;
  const own = predictor.split('\n').length;
  for (let i = 0; text.split('\n').length + own < lines; i++) text += part(i);
  return text + predictor;
}

const capabilities = { textDocument: { diagnostic: {} }, workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } };

async function initialize(connection: MessageConnection, path: string): Promise<void> {
  connection.onRequest('client/registerCapability', () => null);
  connection.listen();
  const uri = pathToFileURL(path).href;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: uri,
    workspaceFolders: [{ uri, name: 'bench' }],
    capabilities,
    initializationOptions: { commands: true },
  });
  await connection.sendNotification('initialized', {});
}

/** What somebody types: mostly letters, now and then something that breaks the file until it is finished. */
const typed = ['x', 'e', 'self', '.', '(', ')', ' ', '\n', '    ', ':', '"', '=', ',', '[', ']', 'return ', '1', '# '];

function percentile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? 0;
}

async function measureEdits(connection: MessageConnection, lines: keyof typeof limits): Promise<void> {
  const uri = pathToFileURL(join(folder, `predictor_${lines}.py`)).href;
  const whole = predictorOf(lines);
  let text = whole;
  let version = 1;
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version, text } });
  const random = new Random(lines);
  const times = { diagnostics: [] as number[], hover: [] as number[], completion: [] as number[], codeLens: [] as number[] };
  const pull = (): Promise<unknown> => connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
  await pull();
  for (let i = 0; i < editsMeasured; i++) {
    // Every tenth edit the file is whole again, as when a word is finished.
    const repair = i % 10 === 9;
    const from = random.below(text.length);
    const edit = repair ? { from: 0, to: text.length, text: whole } : { from, to: from, text: random.pick(typed) };
    const position = positionOf(text, edit.from);
    const start = performance.now();
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: ++version },
      contentChanges: [repair ? { text: whole } : { range: { start: position, end: position }, text: edit.text }],
    });
    await pull();
    times.diagnostics.push(performance.now() - start);
    text = applied(text, edit);
    for (const feature of ['hover', 'completion', 'codeLens'] as const) {
      const before = performance.now();
      await connection.sendRequest(`textDocument/${feature}`, {
        textDocument: { uri },
        position: positionOf(text, random.below(text.length)),
      });
      times[feature].push(performance.now() - before);
    }
  }
  const limit = limits[lines];
  report(
    `edit → diagnostics, ${lines} lines, p95 (p50 ${percentile(times.diagnostics, 0.5).toFixed(1)})`,
    percentile(times.diagnostics, 0.95),
    limit.diagnostics,
    'ms',
  );
  for (const feature of ['hover', 'completion', 'codeLens'] as const)
    report(`${feature}, ${lines} lines, p95`, percentile(times[feature], 0.95), limit.feature, 'ms');
}

function positionOf(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length - 1;
  return { line, character: offset - (before.lastIndexOf('\n') + 1) };
}

async function measureStart(): Promise<MessageConnection> {
  const starts: number[] = [];
  let connection: MessageConnection | undefined;
  for (let round = 0; round < 7; round++) {
    const start = performance.now();
    const child = spawn(process.execPath, [join(root, 'dist', 'language-server.js'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    process.on('exit', () => child.kill());
    const made = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    await initialize(made, folder);
    starts.push(performance.now() - start);
    if (connection) {
      await made.sendRequest('shutdown');
      await made.sendNotification('exit');
    } else connection = made;
  }
  report('start → initialised, median of 7', percentile(starts, 0.5), startLimitMs, 'ms');
  if (!connection) throw new Error('no server');
  return connection;
}

/** In this process, where the heap can be looked at. */
async function measureInside(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const many = join(folder, 'many');
  mkdirSync(join(many, 'lib'), { recursive: true });
  for (let i = 0; i < 5000; i++)
    writeFileSync(join(many, 'lib', `module_${i}.py`), `from lib.module_${i + 1} import x\n\n\nclass C${i}(Base):\n    pass\n`);
  writeFileSync(
    join(many, 'base.py'),
    'from spell.serving import BasePredictor\nimport shared\n\n\nclass Base(BasePredictor):\n    def predict(self, payload):\n        return shared.answer(payload)\n',
  );
  writeFileSync(join(many, 'shared.py'), 'from lib.module_1 import x\n\n\ndef answer(payload):\n    return payload\n');
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const workspace = startServer(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), 'file:///rules/');
  const connection = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  await initialize(connection, many);
  report('things read from a folder of 5,000 files that is opened', workspace.files.disk.size, 0, '  ');
  const uri = pathToFileURL(join(many, 'predictor.py')).href;
  let text = `from base import Base\n${predictorOf(320).replace('class Predictor(BasePredictor)', 'class Predictor(Base)')}`;
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version: 1, text } });
  const pull = (): Promise<unknown> => connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
  await pull();
  report('things read for a predictor that imports one of them', workspace.files.disk.size, 8, '  ');
  const random = new Random(1);
  const whole = text;
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const edit = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const at = random.below(text.length);
      text = i % 50 === 49 ? whole : applied(text, { from: at, to: at, text: random.pick(typed) });
      await connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: i + 2 }, contentChanges: [{ text }] });
      if (i % 10 === 0) await pull();
    }
    await pull();
  };
  await edit(500);
  const before = heap();
  await edit(memoryEdits);
  report(`memory grown by ${memoryEdits} edits`, Math.max(0, heap() - before), memoryLimitMb, 'MB');
  connection.dispose();
}

const connection = await measureStart();
await measureEdits(connection, 320);
await measureEdits(connection, 5420);
await connection.sendRequest('shutdown');
await connection.sendNotification('exit');
await measureInside();
process.exit();
