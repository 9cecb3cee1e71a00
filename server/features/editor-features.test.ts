import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { withCursor } from '../testing/cursor.ts';
import { memoryWorld } from '../testing/memory-world.ts';
import { codeLenses } from './code-lenses.ts';
import { type Subject, subjectAt } from './diagnose.ts';
import { documentLinks } from './document-links.ts';
import { inlayHints } from './inlay-hints.ts';
import { documentSymbols, foldingRanges } from './outline.ts';
import type { Told } from './rules/rule.ts';
import { signatureHelp } from './signature-help.ts';

const python =
  'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return [1]\n';
const all = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

function subject(files: Record<string, string>, name: string, told: Told = {}): Subject {
  const found = subjectAt(memoryWorld(files, told), `/project/${name}`);
  assert.ok(found);
  return found;
}

suite('what the editor shows around a predictor', () => {
  test('a hint says that a batched payload is a list', () => {
    const hints = (yaml: string): string[] =>
      inlayHints(subject({ 'spell.yaml': yaml, 'predictor.py': python }, 'predictor.py'), all).map((hint) => String(hint.label));
    assert.deepEqual(hints('entrypoint: predictor.py\nenable-batching: true\n'), [': list[dict]']);
    assert.deepEqual(hints('entrypoint: predictor.py\n'), []);
  });

  test('lenses offer to serve, or to update and look at what runs', () => {
    assert.deepEqual(
      codeLenses(subject({ 'predictor.py': python }, 'predictor.py')).map((lens) => lens.command?.title),
      ['Serve'],
    );
    const server = {
      owner: 'local',
      name: 'digits',
      state: 'running',
      entrypoint: 'file:///project/predictor.py',
      classname: null,
      config: null,
      batching: false,
      models: [],
      gpuLimit: 0,
      mounts: [],
      pods: { ready: 1, total: 2 },
    };
    const titles = codeLenses(
      subject({ 'predictor.py': python }, 'predictor.py', {
        facts: { servers: [server] },
      }),
    ).map((lens) => lens.command?.title);
    assert.deepEqual(titles, ['Update digits', 'Send Request', 'Logs', 'health', '1/2 pods']);
  });

  test('signature help follows the arguments, also of a call that is not closed', () => {
    const help = (call: string): [string | undefined, number | null | undefined] => {
      const { subject: file, position } = withCursor({
        'predictor.py': `from spell.serving import BasePredictor, send_metric\n\n\nclass P(BasePredictor):\n    def predict(self, payload):\n        ${call}\n`,
      });
      const found = signatureHelp(file, position);
      return [found?.signatures[0]?.label.split('(')[0], found?.activeParameter];
    };
    assert.deepEqual(help('send_metric("a", |)'), ['send_metric', 1]);
    assert.deepEqual(help('send_metric(|)'), ['send_metric', 0]);
    assert.deepEqual(help('send_metric("a", 1, tag=|"x")'), ['send_metric', 2]);
    assert.deepEqual(help('print(|)'), [undefined, undefined]);
  });

  test('a spell.yaml has links to the files that exist, symbols and folds', () => {
    const yaml =
      'server-name: one\nentrypoint: predictor.py\nconfig: missing.yaml\nenv:\n  A: b\n  C: d\n---\nserver-name: two\nentrypoint: predictor.py\npip:\n  - numpy\n';
    const file = subject({ 'spell.yaml': yaml, 'predictor.py': python }, 'spell.yaml');
    assert.deepEqual(
      documentLinks(file).map((link) => link.target),
      ['file:///project/predictor.py', 'file:///project/predictor.py'],
    );
    assert.deepEqual(
      documentSymbols(file).map(({ name, children }) => [name, children?.length]),
      [
        ['one', 4],
        ['two', 3],
      ],
    );
    assert.deepEqual(foldingRanges(file), [
      { startLine: 0, endLine: 5 },
      { startLine: 3, endLine: 5 },
      { startLine: 7, endLine: 10 },
      { startLine: 9, endLine: 10 },
    ]);
  });
});
