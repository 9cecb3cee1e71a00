import type { Method } from '../../parse/predictor/members.ts';
import { type Shape, shapeOf, soleValue, yields } from '../../parse/predictor/shapes.ts';
import { meanings } from '../../parse/project/meaning.ts';
import { bindingsIn } from '../../parse/project/scope.ts';
import type { Expression } from '../../parse/python/ast.ts';
import { walkOwn } from '../../parse/python/walk.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { PredictorRule, Report } from './rule.ts';

const refused: Partial<Record<Shape, string>> = {
  lambda: 'a lambda',
  generator: 'a generator',
  file: 'an open file',
  lock: 'a lock',
  module: 'a module',
};

export const prepareNotPicklable: PredictorRule = {
  code: 'prepare-not-picklable',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: '`prepare` returns something that Python cannot pickle.',
    why: 'What `prepare` returns travels to the process that runs `predict`. A lambda, a generator, an open file, a lock, a module, a request or an object of a class defined inside a function cannot, and the request is answered 500.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nenable-batching: true\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def prepare(self, payload):\n        return (token.lower() for token in payload["tokens"])\n\n    def predict(self, payload):\n        return [list(item) for item in payload]\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nenable-batching: true\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def prepare(self, payload):\n        return [token.lower() for token in payload["tokens"]]\n\n    def predict(self, payload):\n        return [list(item) for item in payload]\n',
    },
  },
  *check(file): Generator<Report> {
    for (const { method } of file.methods('prepare')) {
      if (method.disguised) continue;
      const { definition } = method;
      if (yields(definition)) {
        yield { span: definition.nameSpan, message: '`prepare` has a `yield`: calling it makes a generator, which cannot be pickled' };
        continue;
      }
      const reports: Report[] = [];
      walkOwn(definition.body, (node) => {
        const [value] = node.kind === 'return' ? node.values : [];
        if (value) reports.push(...reportsIn(file, method, value));
      });
      yield* reports;
    }
  },
};

function reportsIn(file: PredictorFile, method: Method, value: Expression): Report[] {
  const scope = file.scope(method);
  const inner =
    value.kind === 'dict' ? value.entries.map((entry) => entry.value) : value.kind === 'list' || value.kind === 'tuple' ? value.items : [];
  if (inner.length > 0) return inner.flatMap((each) => reportsIn(file, method, each));
  const what = refused[shapeOf(file.project, scope, value)] ?? requestIn(file, method, value) ?? localThing(file, method, value);
  return what === undefined ? [] : [{ span: value, message: `\`prepare\` returns ${what}, which cannot be pickled` }];
}

function requestIn(file: PredictorFile, method: Method, value: Expression): string | undefined {
  if (value.kind !== 'name' || bindingsIn(file.scope(method)).names.get(value.id)?.length !== 1) return undefined;
  const role = file.injection(method).roles.get(value.id);
  return role === 'request' ? 'the Request' : role === 'tasks' ? 'the BackgroundTasks' : undefined;
}

/** A function or class that `prepare` itself defines, or an object of such a class. */
function localThing(file: PredictorFile, method: Method, value: Expression, depth = 0): string | undefined {
  const scope = file.scope(method);
  if (value.kind === 'call') {
    const local = value.callee.kind === 'name' ? bindingsIn(scope).names.get(value.callee.id) : undefined;
    return local?.length === 1 && local[0]?.kind === 'class' ? `an object of the local class \`${local[0].name}\`` : undefined;
  }
  if (value.kind !== 'name' || depth > 4) return undefined;
  const sole = soleValue(scope, value.id);
  if (sole) return localThing(file, method, sole.value, depth + 1);
  if (!bindingsIn(scope).names.has(value.id)) return undefined;
  const [only, ...more] = meanings(file.project, scope, value);
  if (more.length > 0 || !only) return undefined;
  return only.kind === 'class'
    ? `the local class \`${value.id}\``
    : only.kind === 'function'
      ? `the local function \`${value.id}\``
      : undefined;
}
