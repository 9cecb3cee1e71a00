import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { applyFix } from '../../testing/apply.ts';
import { withCursor } from '../../testing/cursor.ts';
import { findingsIn } from '../../testing/findings.ts';
import { diagnose } from '../diagnose.ts';
import type { Fix } from '../rules/rule.ts';
import { codeActions } from './code-actions.ts';
import { refactorings } from './refactorings.ts';
import { suppress } from './suppress.ts';

const support = { documentChanges: true, version: () => 1 };

function refactoring(files: string | Record<string, string>, title: RegExp): { fix: Fix | undefined; files: Record<string, string> } {
  const { subject, position, files: texts } = withCursor(typeof files === 'string' ? { 'predictor.py': files } : files);
  const offset = subject.lines.offsetAt(position);
  return { fix: refactorings(subject, { from: offset, to: offset }).find(({ fix }) => title.test(fix.title))?.fix, files: texts };
}

suite('refactorings', () => {
  const plain =
    'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def pre|dict(self, payload):\n        return payload["x"] * 2\n';

  test('a predictor converted to batching answers each payload as before', () => {
    const { fix, files } = refactoring({ 'spell.yaml': 'entrypoint: predictor.py\n', 'predictor.py': plain }, /batching/);
    assert.ok(fix);
    const after = applyFix(files, fix);
    assert.equal(after['spell.yaml'], 'entrypoint: predictor.py\nenable-batching: true\n');
    assert.equal(
      after['predictor.py'],
      'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def _predict_one(self, payload):\n        return payload["x"] * 2\n\n    def predict(self, payload):\n        return [self._predict_one(item) for item in payload]\n',
    );
    assert.deepEqual(findingsIn(after), []);
  });

  test('one that wants the Request answers in prepare, and the batch passes the answers through', () => {
    const text =
      'from starlette.requests import Request\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    async def predict(self, req|uest: Request):\n        return (await request.json())["x"]\n';
    const { fix, files } = refactoring({ 'spell.yaml': 'entrypoint: predictor.py\n', 'predictor.py': text }, /batching/);
    assert.ok(fix);
    const after = applyFix(files, fix);
    assert.match(
      after['predictor.py'] ?? '',
      /async def prepare\(self, request: Request\):\n {8}return .*\n\n {4}def predict\(self, payload\):\n {8}return payload\n$/,
    );
    assert.deepEqual(findingsIn(after), []);
  });

  test('it is not offered where it would change what is answered', () => {
    const offered = (text: string): boolean => refactoring(text, /batching/).fix !== undefined;
    assert.ok(offered(plain));
    assert.ok(!offered(plain.replace('return payload["x"] * 2', 'return self.predict(payload)')));
    assert.ok(!offered(plain.replace('    def pre', '    @cached\n    def pre')));
    assert.ok(!offered(plain.replace('return', 'yield')));
    assert.ok(!offered(`${plain}\n    def prepare(self, payload):\n        return payload\n`));
  });

  test('a config is made from `__init__`, and named in spell.yaml', () => {
    const text = plain
      .replace(
        '    def pre|dict',
        '    def __in|it__(self, a, b=2, *, c="x: y", d=(1, -2), e=None, **rest):\n        pass\n\n    def predict',
      )
      .replace('pre|dict', 'predict');
    const { fix, files } = refactoring({ 'spell.yaml': 'entrypoint: predictor.py\n', 'predictor.py': text }, /config/);
    assert.ok(fix);
    const after = applyFix(files, fix);
    assert.equal(after['config.yaml'], 'a: null\nb: 2\nc: "x: y"\nd: [1, -2]\ne: null\n');
    assert.equal(after['spell.yaml'], 'entrypoint: predictor.py\nconfig: config.yaml\n');
    assert.deepEqual(findingsIn(after), []);
  });

  test('a spell.yaml is made for a predictor that none names, beside the project’s root', () => {
    const { fix, files } = refactoring({ 'pkg/__init__.py': '', 'pkg/serve.py': plain }, /spell\.yaml/);
    assert.ok(fix);
    const after = applyFix(files, fix);
    assert.equal(after['spell.yaml'], 'server-name: project\nentrypoint: pkg/serve.py\n');
    assert.deepEqual(findingsIn(after), []);
    assert.equal(refactoring({ 'spell.yaml': 'entrypoint: predictor.py\n', 'predictor.py': plain }, /spell\.yaml/).fix, undefined);
  });
});

suite('suppressing', () => {
  const suppressed = (text: string): string | undefined => {
    const { subject, files } = withCursor({ 'predictor.py': `|${text}` });
    const [finding] = diagnose(subject);
    assert.ok(finding, 'nothing is reported');
    const fix = suppress(subject, finding);
    return fix && applyFix(files, fix)['predictor.py'];
  };
  const head = 'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n';

  test('writes the comment at the end of the line, or into the one that is there', () => {
    for (const line of [
      '        self.last = payload',
      '        self.last = payload  # noqa',
      '        self.last = {\n            "a": 1,\n        }',
      '        self.last = payload  # spell: ignore[load-in-predict]',
    ]) {
      const after = suppressed(`${head}${line}\n`);
      assert.ok(after, line);
      assert.match(after, /# spell: ignore\[(?:load-in-predict, )?state-not-shared\]/);
      assert.deepEqual(
        findingsIn({ 'predictor.py': after }).map((finding) => finding.code),
        [],
        after,
      );
    }
  });

  test('is not offered where no comment can stand', () => {
    assert.equal(suppressed(`${head}        self.last = payload + \\\n            1\n`), undefined);
    assert.equal(suppressed(`${head}        return {"a": {1}, "b": \\\n            2}\n`), undefined);
    assert.equal(suppressed(`${head}        return [{1: {2}, "t": """\n  x"""}]\n`), undefined);
  });
});

suite('code actions', () => {
  test('fixes of the place, fix all only when it is asked for or nothing is', () => {
    const text =
      'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def pre|dict(self):\n        return 1\n\n    def health(self):\n        return False\n';
    const { subject, position } = withCursor({ 'predictor.py': text });
    const ask = (only?: string[]): string[] =>
      codeActions(subject, { range: { start: position, end: position }, diagnostics: [], only }, support).map((action) => action.title);
    assert.deepEqual(ask(['quickfix']), ['Add a parameter for the payload', 'Ignore predict-arguments on this line']);
    assert.deepEqual(ask(['source.fixAll']), ['Fix all that Spell can fix']);
    assert.ok(ask().includes('Create spell.yaml for this predictor'));
    assert.deepEqual(ask(['refactor.extract']), []);
  });

  const titles = (files: Record<string, string>): string[] => {
    const { subject, position } = withCursor(files);
    const request = { range: { start: position, end: position }, diagnostics: [], only: ['quickfix'] };
    return codeActions(subject, request, support).map((action) => action.title);
  };
  const classes = (...bodies: string[]): string =>
    `from spell.serving import BasePredictor\n\n${bodies.map((body, index) => `\nclass ${index === 1 ? '|' : ''}P${index}(BasePredictor):\n${body}\n`).join('\n')}`;
  const answers = '    def predict(self, payload):\n        return payload\n';

  test('a fix that would only move the trouble into another file is not offered', () => {
    const configured = `    def __init__(self, size):\n        self.size = size\n\n${answers}`;
    const files = { 'spell.yaml': 'entrypoint: p.py\nconfig: c.yaml\n', 'c.yaml': 'size: 1\n', 'p.py': classes(answers, configured) };
    assert.deepEqual(titles(files), ['Serve P1', 'Ignore several-predictors on this line']);
  });

  test('what a fix lets be seen in a file that had no part in it before is no reason to keep it back', () => {
    const lacking = classes('    def __init__(self):\n        self.x = 1\n');
    assert.deepEqual(titles({ 'spell.yaml': 'entrypoint: |predicter.py\n', 'predictor.py': lacking }), [
      'Use predictor.py',
      'Ignore entrypoint-missing on this line',
    ]);
  });

  test('a client that makes no files is not offered any', () => {
    const { subject, position } = withCursor({
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass P|(BasePredictor):\n    def predict(self, payload):\n        return 1\n',
    });
    const actions = codeActions(
      subject,
      { range: { start: position, end: position }, diagnostics: [], only: undefined },
      { ...support, documentChanges: false },
    );
    assert.deepEqual(
      actions.map((action) => action.title),
      ['Convert to batching'],
    );
  });
});
