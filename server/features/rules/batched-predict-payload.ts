import type { Method } from '../../parse/predictor/members.ts';
import { bindingsIn } from '../../parse/project/scope.ts';
import type { Expression, Node } from '../../parse/python/ast.ts';
import { walk, walkOwn } from '../../parse/python/walk.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { PredictorRule, Report } from './rule.ts';

/** Methods of a dict that a list does not have. */
const dictMethods = new Set(['get', 'items', 'keys', 'values', 'setdefault']);

export const batchedPredictPayload: PredictorRule = {
  code: 'batched-predict-payload',
  severity: 'warning',
  subject: 'predictor',
  page: {
    what: 'A batched `predict` treats the list of payloads as one payload, or an unbatched one goes through its one payload as if it were a batch.',
    why: 'With batching the parameter is a list: `payload["x"]` raises a TypeError for every request of the batch. Without batching, going through a dict gives its keys.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nenable-batching: true\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return [payload["value"]]\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nenable-batching: true\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return [item["value"] for item in payload]\n',
    },
  },
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods('predict')) {
      const payload = file.payloadOf(method);
      const batching = file.batching(predictor);
      if (payload === undefined || method.disguised || isRebound(file, method, payload)) continue;
      if (batching === 'yes') yield* asOneItem(method, payload);
      else if (batching === 'no') yield* asBatch(file, method, payload);
    }
  },
};

function isRebound(file: PredictorFile, method: Method, name: string): boolean {
  return (bindingsIn(file.scope(method)).names.get(name)?.length ?? 0) > 1;
}

function asOneItem(method: Method, payload: string): Report[] {
  const reports: Report[] = [];
  const advice = `\`${payload}\` is a list of payloads here, because batching is on: go through it`;
  const is = (node: Node | undefined): boolean => node?.kind === 'name' && node.id === payload;
  walkOwn(method.definition.body, (node) => {
    // A comprehension or loop may use the same name for an item.
    if (node.kind === 'comprehension' && node.clauses.some((clause) => is(clause.target))) return false;
    if (node.kind === 'for' && is(node.target)) return false;
    if (node.kind === 'subscript' && is(node.object) && node.indices[0]?.kind === 'string') reports.push({ span: node, message: advice });
    if (node.kind === 'call' && node.callee.kind === 'attribute' && is(node.callee.object) && dictMethods.has(node.callee.name))
      reports.push({ span: node, message: advice });
    return undefined;
  });
  return reports;
}

/** Only an annotation as dict makes it sure that the payload is no JSON list. */
function asBatch(file: PredictorFile, method: Method, payload: string): Report[] {
  const annotation = method.definition.parameters.find((parameter) => parameter.name === payload)?.annotation;
  const named = annotation?.kind === 'subscript' ? annotation.object : annotation;
  const type = named && file.external(file.scope(method), named);
  if (type !== 'builtins.dict' && type !== 'typing.Dict' && type !== 'typing.Mapping') return [];
  const reports: Report[] = [];
  const report = (target: Expression, iterable: Expression, uses: readonly Node[]): void => {
    if (iterable.kind !== 'name' || iterable.id !== payload || target.kind !== 'name') return;
    const used = uses.some((use) => mentionsAsDict(use, target.id));
    if (used)
      reports.push({ span: iterable, message: `batching is off, so \`${payload}\` is one payload: going through a dict gives its keys` });
  };
  walkOwn(method.definition.body, (node) => {
    if (node.kind === 'for') report(node.target, node.iterable, node.body);
    if (node.kind === 'comprehension')
      for (const clause of node.clauses) report(clause.target, clause.iterable, [...node.elements, ...clause.conditions]);
  });
  return reports;
}

function mentionsAsDict(node: Node, name: string): boolean {
  let found = false;
  const is = (each: Node): boolean => each.kind === 'name' && each.id === name;
  walk(node, (each) => {
    if (each.kind === 'subscript' && is(each.object) && each.indices[0]?.kind === 'string') found = true;
    if (each.kind === 'call' && each.callee.kind === 'attribute' && is(each.callee.object) && dictMethods.has(each.callee.name))
      found = true;
  });
  return found;
}
