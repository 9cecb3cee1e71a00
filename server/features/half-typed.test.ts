import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingsIn } from '../testing/findings.ts';

const head = 'from pathlib import Path\nfrom spell.serving import BasePredictor, send_metric\n\n\nclass Predictor(BasePredictor):\n';

function codes(body: string, others: Record<string, string> = {}): string[] {
  return findingsIn({ 'predictor.py': head + body, 'spell.yaml': 'entrypoint: predictor.py\n', ...others }).map((finding) => finding.code);
}

test('what is being typed is not held against its predictor', () => {
  const rest = '\n    def health(self):\n        return "ok"\n';
  for (const body of [
    `    def predict(self, payload):\n        return {"double\n${rest}`,
    `    def predict(self, payload):\n        send_metric("pixels"\n        return payload\n${rest}`,
    `    def predict(self, payload):\n        self.x = Path("/home\n${rest}`,
    `    de\n        return payload\n${rest}`,
    `    def predict(self, payload)\n        return {1}\n${rest}`,
  ])
    assert.deepEqual(codes(body), [], body);
});

test('what stands in other methods is reported all the same', () => {
  const body = '    def predict(self, payload):\n        return {1, 2}\n\n    def health(self):\n        return {"status": \n';
  assert.deepEqual(codes(body), ['not-serialisable-return']);
  assert.deepEqual(codes(`    def health(self):\n        return False\n\n    def predict(self, payload)\n        return 1\n`), [
    'health-always-ok',
  ]);
});

test('a base that is being typed in another file may have what seems to be missing', () => {
  const others = (base: string): Record<string, string> => ({
    'base.py': base,
    'predictor.py': 'from base import Base\n\n\nclass Predictor(Base):\n    pass\n',
  });
  const base = 'from spell.serving import BasePredictor\n\n\nclass Base(BasePredictor):\n';
  assert.deepEqual(codes('', others(`${base}    x = 1\n`)), ['predict-missing']);
  assert.deepEqual(codes('', others(`${base}    """Answers\n\n    def predict(self, payload):\n        return 1\n`)), []);
});
