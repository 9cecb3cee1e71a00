import type { Method } from '../../parse/predictor/members.ts';
import type { Predictor } from '../../parse/predictor/predictors.ts';
import type { Call, Statement } from '../../parse/python/ast.ts';
import { walkOwn } from '../../parse/python/walk.ts';
import { mayReturn, walkUntested } from '../../parse/python/walk-untested.ts';
import { onceInInit } from '../edits/once-in-init.ts';
import { calledBy, walkCalled } from '../subjects/called.ts';
import { loaderIn } from '../subjects/loading.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { PredictorRule, Related, Report } from './rule.ts';

export const loadInPredict: PredictorRule = {
  code: 'load-in-predict',
  severity: 'warning',
  subject: 'predictor',
  page: {
    what: '`predict` or `prepare` loads a model, itself or by a method or function of the project that it calls.',
    why: 'It is read from disk and built again for every request, which takes far longer than the prediction, and needs its memory anew each time. `__init__` runs once per process, before the first request.',
    bad: 'import joblib\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        model = joblib.load("/model/model.joblib")\n        return model.predict([payload["features"]]).tolist()\n',
    good: 'import joblib\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.model = joblib.load("/model/model.joblib")\n\n    def predict(self, payload):\n        return self.model.predict([payload["features"]]).tolist()\n',
    fine: 'When the model depends on the request and is kept after the first time. Loading under a test (`if self.model is None:`, `if name not in self.models:`) is not reported, nor is what a decorator may remember, nor loading what the request itself sent.',
  },
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods('predict', 'prepare')) {
      const reports: Report[] = [];
      const answersFromStore = (statement: Statement): boolean => mayReturn(statement) && asksOwnState(file, method, statement);
      // Under a test it may be loaded on first use only.
      walkUntested(
        method.definition.body,
        (node) => {
          const loading = node.kind === 'call' ? loadingBy(file, predictor, method, node) : undefined;
          if (node.kind !== 'call' || !loading) return;
          reports.push({
            span: node.callee,
            message: `\`${file.read(node.callee)}\` loads the model again for every request${loading.by}`,
            ...(loading.related ? { related: [loading.related] } : {}),
            fixes: () => onceInInit(file, predictor, method, node),
          });
        },
        answersFromStore,
      );
      yield* reports;
    }
  },
};

/** How a call loads a model: by itself, or within a function of the project. */
function loadingBy(file: PredictorFile, predictor: Predictor, method: Method, call: Call): { by: string; related?: Related } | undefined {
  if (loaderIn(file, file.scope(method), call)) return { by: '' };
  const called = calledBy(file, predictor, method, call);
  let found: { by: string; related: Related } | undefined;
  if (called)
    walkCalled(called, (node) => {
      const name = node.kind === 'call' ? loaderIn(file, called.scope, node, call.args.length === 0) : undefined;
      if (node.kind === 'call' && name !== undefined)
        found ??= { by: `: it calls \`${name}\``, related: { path: called.module.path, span: node.callee, message: 'loaded here' } };
    });
  return found;
}

/** `if self.model: return self.model.predict(…)`: what stands behind it runs until there is a model. */
function asksOwnState(file: PredictorFile, method: Method, statement: Statement): boolean {
  let found = false;
  if (statement.kind === 'if')
    for (const test of statement.branches.flatMap((branch) => branch.tests))
      walkOwn([{ kind: 'expression', values: [test], from: test.from, to: test.to }], (node) => {
        if (node.kind === 'attribute' && file.isSelf(method, node.object)) found = true;
      });
  return found;
}
