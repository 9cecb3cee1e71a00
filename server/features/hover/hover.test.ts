import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { MarkupContent } from 'vscode-languageserver-types';
import { withCursor } from '../../testing/cursor.ts';
import { hover } from './hover.ts';

function told(files: string | Record<string, string>): string | undefined {
  const { subject, position } = withCursor(typeof files === 'string' ? { 'predictor.py': files } : files);
  return (hover(subject, position)?.contents as MarkupContent | undefined)?.value;
}

const head =
  'from starlette.requests import Request\nfrom spell.serving import BasePredictor, with_full_request\n\n\nclass Predictor(BasePredictor):\n';

suite('hover', () => {
  test('what a parameter receives, and why', () => {
    assert.match(told(`${head}    def predict(self, pay|load, request: Request):\n        return 1\n`) ?? '', /the payload/);
    assert.match(
      told(`${head}    def predict(self, payload, re|quest: Request):\n        return 1\n`) ?? '',
      /Request.*\n\nWhy: by its annotation/,
    );
    assert.match(
      told(`${head}    @with_full_request("raw")\n    def predict(self, payload, r|aw):\n        return 1\n`) ?? '',
      /Why: by `@with_full_request`/,
    );
    assert.match(told(`${head}    def health(self, re|quest):\n        return 1\n`) ?? '', /`health` has no payload/);
  });

  test('with batching the payload is a list', () => {
    const python = `${head}    def predict(self, pay|load):\n        return [1]\n`;
    assert.match(
      told({ 'spell.yaml': 'entrypoint: predictor.py\nmax-batch-size: 4\n', 'predictor.py': python }) ?? '',
      /a list of payloads/,
    );
  });

  test('where a config’s value ends up, and where a parameter’s value comes from', () => {
    const yaml = 'entrypoint: predictor.py\nconfig: config.yaml\n';
    const python = `${head}    def __init__(self, limit: int = 3):\n        pass\n\n    def predict(self, payload):\n        return 1\n`;
    assert.match(told({ 'spell.yaml': yaml, 'predictor.py': python, 'config.yaml': 'li|mit: 7\n' }) ?? '', /limit: int = 3/);
    assert.match(
      told({ 'spell.yaml': yaml, 'predictor.py': python.replace('limit', 'lim|it'), 'config.yaml': 'limit: 7\n' }) ?? '',
      /`7` in config.yaml/,
    );
  });

  test('what a setting means, with its default', () => {
    assert.match(told({ 'spell.yaml': 'predict-time|out: 5\nentrypoint: predictor.py\n' }) ?? '', /504[\s\S]*Default: `60`/);
    assert.match(told({ 'spell.yaml': 'entry|point: predictor.py\n' }) ?? '', /the predictor's file/);
  });

  test('model_info, and nothing elsewhere', () => {
    assert.match(told(`${head}    def predict(self, payload):\n        return self.model_|info.name\n`) ?? '', /namedtuple/);
    assert.equal(told(`${head}    def predict(self, payload):\n        x|yz = 1\n`), undefined);
    assert.equal(told('import o|s\n'), undefined);
  });
});
