import { type Mutation, one, write } from './mutation.ts';

const serve = 'entrypoint: predictor.py\n';

/** Which class is served, and what its methods take. */
export const shape: readonly Mutation[] = [
  write('no-predictor', 'echo', 'spell.yaml', serve, 'class Predictor(BasePredictor):', 'predictor.py', 'class Predictor:'),
  one('no-predictor', 'batched-generator', 'predictor.py', 'class Predictor(BasePredictor):', 'class Predictor(object):'),
  one('no-predictor', 'time-series', 'predictor.py', 'class Forecast(BasePredictor):', 'class Forecast(dict):'),

  one('several-predictors', 'several-classes', 'spell.yaml', 'classname: SmallPredictor\n', ''),
  one(
    'several-predictors',
    'time-series',
    'predictor.py',
    'class Forecast(BasePredictor):',
    'class Other(BasePredictor):\n    def predict(self, payload):\n        return 1\n\n\nclass Forecast(BasePredictor):',
  ),
  one(
    'several-predictors',
    'inheritance',
    'predictor.py',
    'class Greeter(JsonPredictor):',
    'class Quiet(JsonPredictor):\n    pass\n\n\nclass Greeter(JsonPredictor):',
  ),

  one('predict-missing', 'time-series', 'predictor.py', 'def predict(self', 'def forecast(self'),
  one('predict-missing', 'echo', 'predictor.py', 'def predict(', 'def predicts('),
  one('predict-missing', 'inheritance', 'common/base.py', 'def predict(', 'def _predict('),
  one('predict-missing', 'several-classes', 'spell.yaml', 'classname: SmallPredictor', 'classname: _Shared'),

  one('predict-arguments', 'echo', 'predictor.py', '(self, payload)', '(self)'),
  one('predict-arguments', 'auth-headers', 'predictor.py', 'request: Request):\n        check', 'request):\n        check'),
  one('predict-arguments', 'static-and-class-methods', 'predictor.py', 'def predict(payload)', 'def predict(payload, options)'),
  one('predict-arguments', 'text-classifier', 'predictor.py', 'def predict(self, payload)', 'def predict(payload)'),

  one('injected-parameter-missing', 'decorators', 'predictor.py', 'name="raw"', 'name="req"'),
  one('injected-parameter-missing', 'star-imports', 'predictor.py', '@with_full_request()', '@with_full_request(name="req")'),
  one('injected-parameter-missing', 'decorators', 'predictor.py', 'def health(self, tasks)', 'def health(self, later)'),

  one('injected-twice', 'keyword-only', 'predictor.py', 'tasks: Union[BackgroundTasks, None] = None', 'tasks: Request = None'),
  one('injected-twice', 'star-imports', 'predictor.py', 'payload, request)', 'payload: Request, request)'),
  one('injected-twice', 'decorators', 'predictor.py', 'payload, raw, later', 'payload, raw: dict, later'),
];
