import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { memoryWorld } from '../../testing/memory-world.ts';
import { subjectAt } from '../diagnose.ts';
import { PredictorFile } from '../subjects/predictor-file.ts';
import type { Json } from './json.ts';
import { samplePayload } from './sample-payload.ts';

function sample(python: string, more: Record<string, string> = {}): Json | undefined {
  const text = `from spell.serving import BasePredictor\n${python}`;
  const file = subjectAt(memoryWorld({ 'predictor.py': text, ...more }), '/project/predictor.py');
  assert.ok(file instanceof PredictorFile);
  return samplePayload(file);
}

/** A predictor with one line in `predict`. */
function predictor(parameters: string, line: string): string {
  return `class P(BasePredictor):\n    def predict(self, ${parameters}):\n        ${line}\n`;
}

suite('a sample payload', () => {
  test('has the fields that a model declares, of its bases and of models inside it too', () => {
    const models = [
      'from dataclasses import dataclass',
      'from enum import Enum',
      'from typing import ClassVar, Literal, Optional, Union',
      'class Colour(Enum):',
      '    RED = "red"',
      '@dataclass',
      'class Point:',
      '    x: float',
      '    y: float = -2',
      'class Base:',
      '    kind: ClassVar[int] = 3',
      '    name: "str"',
      '@dataclass',
      'class Order(Base):',
      '    mode: Literal["fast", "slow"]',
      '    colour: Colour',
      '    points: list[Point]',
      '    by_name: dict[str, int]',
      '    note: Optional[str] = None',
      '    either: None | int = None',
      '    pair: tuple[int, bool] = (1, True)',
      '    left: object = None',
    ].join('\n');
    assert.deepEqual(sample(`from models import Order\n${predictor('order: Order', 'return {}')}`, { 'models.py': `${models}\n` }), {
      name: 'text',
      mode: 'fast',
      colour: 'red',
      points: [{ x: 0.5, y: -2 }],
      by_name: { key: 1 },
      note: 'text',
      either: 1,
      pair: [1, true],
      left: null,
    });
  });

  test('has the keys that the body takes out, with values of the kind that it works with', () => {
    const line = [
      'scale = payload.get("scale", 2.5)',
      '        n = float(payload["n"])',
      '        rows = np.asarray(payload["rows"], dtype=float)',
      '        text = payload["text"].upper()',
      '        more = [x for x in payload["more"]]',
      '        return {"n": payload["m"] * n, "who": payload["who"]}',
    ].join('\n');
    assert.deepEqual(sample(predictor('payload: dict', line)), {
      scale: 2.5,
      n: 1,
      rows: [1, 2, 3],
      text: 'text',
      more: [1, 2, 3],
      m: 1,
      who: 'text',
    });
  });

  test('is one payload where requests come in batches, and the one of prepare where there is one', () => {
    const batched = { 'spell.yaml': 'entrypoint: predictor.py\nenable-batching: true\n' };
    assert.deepEqual(sample(predictor('payloads', 'return [p["a"] + 1 for p in payloads]'), batched), { a: 1 });
    assert.deepEqual(sample(predictor('payloads: list[int]', 'return payloads'), batched), 1);
    const prepare = `${predictor('rows', 'return rows')}    def prepare(self, payload):\n        return payload["row"]\n`;
    assert.deepEqual(sample(prepare, batched), { row: 'text' });
  });

  test('is not made up where nothing tells what it is', () => {
    assert.equal(sample(predictor('payload', 'return payload')), undefined);
    assert.equal(sample('class P(BasePredictor):\n    pass\n'), undefined);
    assert.equal(sample('class Node:\n    child: "Node"\n\n'.concat(predictor('payload: "Unknown"', 'return {}'))), undefined);
  });

  test('ends where a model holds itself', () => {
    const value = JSON.stringify(sample(`class Node:\n    child: "Node"\n${predictor('node: Node', 'return {}')}`));
    assert.match(value, /^(\{"child":){1,6}null\}+$/);
  });
});
