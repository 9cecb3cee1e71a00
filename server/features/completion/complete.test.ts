import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { CompletionItem } from 'vscode-languageserver-types';
import { withCursor } from '../../testing/cursor.ts';
import type { Told } from '../rules/rule.ts';
import { completions } from './complete.ts';

const head = 'from spell.serving import BasePredictor, metrics\n\n\nclass Predictor(BasePredictor):\n';
const body = `${head}    def predict(self, payload):\n        return payload\n`;

function items(files: string | Record<string, string>, told: Told = {}, yamlElsewhere = false): CompletionItem[] {
  const { subject, position } = withCursor(typeof files === 'string' ? { 'predictor.py': files } : files, told);
  return completions(subject, position, { snippets: true, yamlElsewhere });
}

function labels(...given: Parameters<typeof items>): string[] {
  return items(...given).map((item) => item.label);
}

suite('completion in predictor files', () => {
  test('methods that the class has not, at the indentation of its members', () => {
    assert.deepEqual(labels(`${body}\n    de|`), ['def __init__', 'def prepare', 'def health']);
    assert.deepEqual(labels(`${body}\n    |`), ['def __init__', 'def prepare', 'def health']);
    assert.deepEqual(labels(`${body}\n        |`), [], 'not inside a method');
  });

  test('a skeleton where there is no predictor yet, with its import', () => {
    const [skeleton] = items('import os\n\ncl|\n');
    assert.equal(skeleton?.label, 'class Predictor');
    assert.equal(skeleton?.additionalTextEdits?.[0]?.newText.trim(), 'from spell.serving import BasePredictor');
    assert.deepEqual(labels(`${body}\ncl|\n`), []);
  });

  test('decorators with their import', () => {
    const [full] = items(`${head}    @with|\n    def predict(self, payload):\n        return payload\n`);
    assert.equal(full?.label, 'with_full_request');
    assert.equal(full?.additionalTextEdits?.[0]?.newText, ', with_full_request');
  });

  test('annotations that inject, with their import', () => {
    assert.deepEqual(labels(`${head}    def predict(self, payload, request: R|):\n        return payload\n`), [
      'Request',
      'BackgroundTasks',
    ]);
    assert.deepEqual(labels(`${body}        x: |\n`), [], 'not for variables');
  });

  test('the parameters that a decorator can name', () => {
    const text = `from spell.serving import BasePredictor, with_full_request\n\n\nclass P(BasePredictor):\n    @with_full_request(name="|")\n    def predict(self, payload, raw):\n        return payload\n`;
    assert.deepEqual(labels(text), ['payload', 'raw']);
  });

  test('fields of model_info, functions of metrics by whatever name', () => {
    assert.deepEqual(labels(`${head}    def predict(self, payload):\n        return self.model_info.|\n`), ['name', 'version', 'path']);
    assert.deepEqual(labels(`${head}    def predict(self, payload):\n        metrics.|\n`), ['send_metric', 'prometheus']);
    assert.deepEqual(labels(`import spell.serving.metrics as m\n${head}    def predict(self, payload):\n        m.se|\n`), [
      'send_metric',
      'prometheus',
    ]);
    assert.deepEqual(labels(`${head}    def predict(self, payload):\n        other.|\n`), []);
  });

  test('the files of the model, and the mounts', () => {
    const told = { facts: { models: [{ name: 'digits', versions: [{ number: 1, custom: null, files: ['a.bin', 'sub/b.bin'] }] }] } };
    const yaml = 'entrypoint: predictor.py\nmodel: digits\nmounts: [uploads/text:vocab]\n';
    const found = (path: string): string[] =>
      labels({ 'spell.yaml': yaml, 'predictor.py': `${head}    def __init__(self):\n        open("${path}|")\n` }, told);
    assert.deepEqual(found('/model/'), ['/model/a.bin', '/model/sub/b.bin']);
    assert.deepEqual(found('/mounts/'), ['/mounts/vocab']);
  });

  test('nothing in comments', () => assert.deepEqual(labels(`${body}    # de|\n`), []));
});

suite('completion in configs and spell.yaml', () => {
  const python = `${head}    def __init__(self, threshold: float = 0.5, labels=()):\n        pass\n\n    def predict(self, payload):\n        return payload\n`;

  test('a config gets the parameters that it does not give', () => {
    const files = { 'spell.yaml': 'entrypoint: predictor.py\nconfig: config.yaml\n', 'predictor.py': python };
    assert.deepEqual(labels({ ...files, 'config.yaml': 'threshold: 0.1\nl|' }), ['labels']);
  });

  test('keys that are not there yet, with what they mean; none when another server completes keys', () => {
    const files = { 'spell.yaml': 'entrypoint: predictor.py\nmin|', 'predictor.py': python };
    const found = items(files);
    assert.ok(found.some((item) => item.label === 'min-pods') && !found.some((item) => item.label === 'entrypoint'));
    assert.deepEqual(labels(files, {}, true), []);
  });

  test('values: paths, classes, models, resources, node groups, words, units', () => {
    const facts = {
      models: [{ name: 'cifar', versions: [{ number: 2, custom: 'best', files: [] }] }],
      resources: ['uploads/text'],
      nodeGroups: ['default', 't4'],
    };
    const found = (line: string): string[] =>
      labels({ 'spell.yaml': line, 'predictor.py': python, 'sub/other.py': '', 'config.yaml': '' }, { facts });
    assert.deepEqual(found('entrypoint: |'), ['predictor.py', 'sub/']);
    assert.deepEqual(found('entrypoint: sub/|'), ['sub/other.py']);
    assert.deepEqual(found('config: |'), ['sub/', 'config.yaml']);
    assert.deepEqual(found('entrypoint: predictor.py\nclassname: |'), ['Predictor']);
    assert.deepEqual(found('model: c|'), ['cifar', 'cifar:best']);
    assert.deepEqual(found('mounts:\n  - u|'), ['uploads/text']);
    assert.deepEqual(found('node-group: |'), ['default', 't4']);
    assert.deepEqual(found('enable-batching: |'), ['true', 'false']);
    assert.deepEqual(found('batch-policy: |'), ['adaptive', 'fixed']);
    assert.deepEqual(found('ram-limit: 2|'), ['2Mi', '2Gi']);
    assert.deepEqual(found('# model: |'), []);
  });
});
