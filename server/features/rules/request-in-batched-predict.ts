import type { Method } from '../../parse/predictor/members.ts';
import type { Predictor } from '../../parse/predictor/predictors.ts';
import { yields } from '../../parse/predictor/shapes.ts';
import type { Expression, Parameter } from '../../parse/python/ast.ts';
import { walk } from '../../parse/python/walk.ts';
import { answerInPrepare } from '../edits/answer-in-prepare.ts';
import { addMethodEdit, indentUnit } from '../edits/python-edits.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { Fix, PredictorRule, Report } from './rule.ts';
import { words } from './words.ts';

export const requestInBatchedPredict: PredictorRule = {
  code: 'request-in-batched-predict',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: '`predict` asks for the `Request`, and batching is on.',
    why: 'A batch holds many requests, so there is no single one to pass. The worker refuses to start. A method `prepare` sees each request before it joins a batch.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nenable-batching: true\n',
      'predictor.py':
        'from starlette.requests import Request\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload: Request):\n        return [len(item) for item in payload]\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nenable-batching: true\n',
      'predictor.py':
        'from starlette.requests import Request\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    async def prepare(self, request: Request):\n        return await request.body()\n\n    def predict(self, payload):\n        return [len(item) for item in payload]\n',
    },
  },
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods('predict')) {
      if (!file.servingsOf(predictor).some((serving) => serving.batching === true)) continue;
      const { roles, parameters, injectors, needed } = file.injection(method);
      const parameter = parameters.find((each) => roles.get(each.name) === 'request');
      if (!parameter || method.disguised || !file.isWhole(predictor)) continue;
      const injector = injectors.find((each) => each.parameter === parameter.name && each.role === 'request');
      const { annotation } = parameter;
      yield {
        span: annotation ?? parameter.nameSpan,
        message: words('request-in-batched-predict', { class: predictor.name, parameter: parameter.name }),
        fixes: () => {
          if (predictor.member('prepare').kind !== 'none' || needed.length > 0) return [];
          if (readsRequest(method, parameter)) return makePrepare(file, predictor, method);
          return injector || !annotation ? [] : [readInPrepare(file, predictor, parameter, annotation)];
        },
      };
    }
  },
};

/** Whether a method asks its parameter for something, as one does with a `Request` and never with a batch. */
function readsRequest({ definition }: Method, parameter: Parameter): boolean {
  let found = false;
  for (const statement of definition.body)
    walk(statement, (node) => {
      if (node.kind === 'attribute' && node.object.kind === 'name' && node.object.id === parameter.name) found = true;
    });
  return found;
}

/** For a method that was written for one request. */
function makePrepare(file: PredictorFile, predictor: Predictor, { definition, binding }: Method): Fix[] {
  if (binding !== 'instance' || yields(definition) || /\bself\.predict\b/.test(file.read(predictor.definition))) return [];
  return [
    {
      title: 'Make it `prepare`, which sees each request',
      preferred: true,
      edits: answerInPrepare(file, predictor, definition),
    },
  ];
}

/** For a method that goes through a batch already. */
function readInPrepare(file: PredictorFile, predictor: Predictor, parameter: Parameter, annotation: Expression): Fix {
  const body = `${indentUnit(file)}return await request.json()`;
  return {
    title: 'Read the request in a method `prepare`',
    preferred: true,
    edits: [
      { path: file.path, span: { from: parameter.nameSpan.to, to: annotation.to }, text: '' },
      addMethodEdit(file, predictor.definition, [`async def prepare(self, request: ${file.read(annotation)}):`, body]),
    ],
  };
}
