import type { Told } from '../features/rules/rule.ts';

/**
 * A mistake made in one of the predictors of `fixtures/predictors`, and the code that must be reported for it. A file
 * that does not exist yet is written; `from` stands exactly once in one that does.
 */
export interface Mutation {
  readonly code: string;
  readonly project: string;
  readonly changes: readonly { readonly file: string; readonly from?: string; readonly to: string }[];
  readonly told?: Told;
}

const one = (code: string, project: string, file: string, from: string, to: string, told?: Told): Mutation => ({
  code,
  project,
  changes: [{ file, from, to }],
  ...(told ? { told } : {}),
});
const write = (
  code: string,
  project: string,
  file: string,
  to: string,
  from?: string,
  of?: string,
  into?: string,
  told?: Told,
): Mutation => ({
  code,
  project,
  changes: [{ file, to }, ...(of === undefined ? [] : [{ file: of, ...(from === undefined ? {} : { from }), to: into ?? '' }])],
  ...(told ? { told } : {}),
});

const serve = 'entrypoint: predictor.py\n';
const batched = 'entrypoint: predictor.py\nenable-batching: true\n';
const models: Told = {
  facts: {
    models: [
      {
        name: 'iris',
        versions: [
          { number: 2, custom: null, files: ['iris.joblib', 'notes/readme.md'] },
          { number: 1, custom: 'first', files: ['old.joblib'] },
        ],
      },
      { name: 'resnet50', versions: [{ number: 1, custom: null, files: ['resnet50.pt', 'imagenet_classes.txt'] }] },
      { name: 'churn', versions: [{ number: 3, custom: null, files: ['churn.pkl'] }] },
      { name: 'bert_squad', versions: [{ number: 8, custom: 'demo', files: ['bert/config.json'] }] },
      { name: 'items', versions: [{ number: 1, custom: null, files: ['vectors.f32', 'items.json'] }] },
    ],
    resources: ['uploads/reference', 'uploads/text', 'uploads/config'],
    nodeGroups: ['default', 't4'],
  },
};
const environment = (...modules: string[]): Told => ({
  environment: { python: '.venv/bin/python', version: '3.11', modules: new Set(modules), distributions: new Map() },
});

/** At least three for each rule. */
export const mutations: readonly Mutation[] = [
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

  write('request-in-batched-predict', 'file-upload', 'spell.yaml', batched),
  write('request-in-batched-predict', 'auth-headers', 'spell.yaml', 'entrypoint: predictor.py\nmax-batch-size: 8\n'),
  one(
    'request-in-batched-predict',
    'keyword-only',
    'spell.yaml',
    'entrypoint: predictor.py\n',
    'entrypoint: predictor.py\nrequest-timeout: 100\n',
  ),

  {
    code: 'batched-predict-returns-one',
    project: 'batched-plain',
    changes: [
      {
        file: 'predictor.py',
        from: 'return [{"total": sum(row) * self.scale, "padded": longest} for row in padded]',
        to: 'return {"totals": [sum(row) for row in padded]}',
      },
    ],
  },
  one('batched-predict-returns-one', 'batched-prepare', 'predictor.py', 'return answers', 'return JSONResponse(answers)'),
  write('batched-predict-returns-one', 'model-info', 'spell.yaml', `${batched}model: iris\n`),

  one('batched-predict-payload', 'batched-plain', 'predictor.py', 'longest = max', 'scale = payload["scale"]\n        longest = max'),
  one('batched-predict-payload', 'batched-generator', 'predictor.py', 'for item in payload:', 'for item in payload.get("items"):'),
  write(
    'batched-predict-payload',
    'type-checking',
    'spell.yaml',
    serve,
    'return {"keys": sorted(payload)}',
    'predictor.py',
    'return {"keys": [item["key"] for item in payload]}',
  ),

  one('prepare-not-picklable', 'batched-prepare', 'predictor.py', 'return {"values": values,', 'return {"values": (v for v in values),'),
  one(
    'prepare-not-picklable',
    'batched-prepare',
    'predictor.py',
    'return {"values": values, "id": request.headers.get("x-id", "")}',
    'return request',
  ),
  one('prepare-not-picklable', 'resnet-torch-batched', 'predictor.py', 'return TRANSFORM(image)', 'return lambda: TRANSFORM(image)'),

  one('prepare-without-batching', 'batched-prepare', 'spell.yaml', 'enable-batching: true\n', ''),
  one('prepare-without-batching', 'batched-prepare', 'spell.yaml', 'true', 'false'),
  one(
    'prepare-without-batching',
    'resnet-torch-batched',
    'spell.yaml',
    'enable-batching: true\nmax-batch-size: 32\nrequest-timeout: 20\n',
    '',
  ),

  {
    code: 'blocking-call-in-async',
    project: 'arize-async',
    changes: [
      { file: 'serve_async.py', from: 'import uuid\n', to: 'import time\nimport uuid\n' },
      { file: 'serve_async.py', from: 'await asyncio.sleep(0)', to: 'time.sleep(1)\n        await asyncio.sleep(0)' },
    ],
  },
  one(
    'blocking-call-in-async',
    'async-client',
    'predictor.py',
    'answer = await self.client.get(f"{self.url}/health")',
    'answer = httpx.get(f"{self.url}/health")',
  ),
  one(
    'blocking-call-in-async',
    'file-upload',
    'predictor.py',
    'body = await payload.body()',
    'body = await payload.body()\n        open("/tmp/last", "wb").write(body)',
  ),

  {
    code: 'async-without-await',
    project: 'text-classifier',
    changes: [{ file: 'predictor.py', from: 'def predict', to: 'async def predict' }],
  },
  one('async-without-await', 'dataclass-payload', 'predictor.py', 'def predict', 'async def predict'),
  one('async-without-await', 'batched-plain', 'predictor.py', 'def predict', 'async def predict'),

  one('state-not-shared', 'suppressed', 'predictor.py', '  # spell: ignore[state-not-shared]', ''),
  one('state-not-shared', 'time-series', 'predictor.py', 'history = payload["history"]', 'history = self.history = payload["history"]'),
  one(
    'state-not-shared',
    'caches',
    'predictor.py',
    'text = payload["text"]',
    'global _embeddings\n        text = payload["text"]\n        _embeddings = {}',
  ),

  one(
    'load-in-predict',
    'iris-sklearn',
    'predictor.py',
    'features = np.asarray',
    'model = joblib.load(MODEL_PATH)\n        features = np.asarray',
  ),
  one(
    'load-in-predict',
    'bert-qa',
    'serve.py',
    'question, context =',
    'tokenizer = AutoTokenizer.from_pretrained("/model/bert")\n        question, context =',
  ),
  one(
    'load-in-predict',
    'lazy-loading',
    'predictor.py',
    'if self._default is None:\n            self._default = joblib.load("/model/default.joblib")\n',
    'self._default = joblib.load("/model/default.joblib")\n',
  ),

  one('not-serialisable-return', 'sets-inside', 'predictor.py', '"known": sorted(known)', '"known": {k for k in known}'),
  one(
    'not-serialisable-return',
    'time-series',
    'predictor.py',
    'return points',
    'return {"points": points, "start": datetime.now(timezone.utc)}',
  ),
  one(
    'not-serialisable-return',
    'uuid-and-numbers',
    'predictor.py',
    '{"nested": {"deep": uuid.UUID(int=2)}}',
    '{"nested": {"deep": b"bytes"}}',
  ),
  one(
    'not-serialisable-return',
    'helper-modules',
    'predictor.py',
    'return {"score": clip((score + 1) / 2)}',
    'return {"score": clip, "tokens": tokens(payload["text"])}',
  ),

  one('response-class', 'auth-headers', 'predictor.py', 'import HTTPException', 'import HTTPError'),
  one(
    'response-class',
    'matching',
    'predictor.py',
    'from starlette.exceptions import HTTPException',
    'from starlette.exceptions import HTTPError as HTTPException',
  ),
  one(
    'response-class',
    'async-client',
    'predictor.py',
    'from starlette.exceptions import HTTPException',
    'from fastapi import HTTPError, HTTPException',
  ),

  one(
    'health-always-ok',
    'unhealthy',
    'predictor.py',
    'return JSONResponse({"status": "maintenance"}, status_code=503)',
    'return {"status": "unavailable"}',
  ),
  one('health-always-ok', 'unhealthy', 'predictor.py', 'raise HTTPException(503, detail="too busy")', 'return False'),
  one('health-always-ok', 'async-client', 'predictor.py', 'raise HTTPException(503)\n', 'return {"ok": False}, 503\n'),

  one(
    'background-task-called',
    'type-checking',
    'predictor.py',
    'tasks.add_task(audit, request.url.path)',
    'tasks.add_task(audit(request.url.path))',
  ),
  one(
    'background-task-called',
    'arize-async',
    'serve_async.py',
    'tasks.add_task(log_prediction, prediction_id, payload["features"], label, retries=2)',
    'tasks.add_task(log_prediction(prediction_id, payload["features"], label))',
  ),
  one(
    'background-task-called',
    'keyword-only',
    'predictor.py',
    'tasks.add_task(print, "answered", flush=True)',
    'tasks.add_task(print("answered"))',
  ),

  one('metric-value', 'prometheus', 'predictor.py', '0.5 + self.rng.random() / 2', 'f"{self.rng.random()}"'),
  one('metric-value', 'llm-chat', 'predictor.py', 'send_metric("tokens", len(output[0]))', 'send_metric("tokens")'),
  one(
    'metric-value',
    'bert-qa',
    'serve.py',
    '"score", answer["score"], tag=self.revision',
    '"score", answer["score"], label=self.revision',
  ),

  one('model-file-missing', 'iris-sklearn', 'predictor.py', '"/model/iris.joblib"', '"/model/iris.pkl"', models),
  one('model-file-missing', 'resnet-torch-batched', 'predictor.py', '"/model/imagenet_classes.txt"', '"/model/classes.txt"', models),
  one('model-file-missing', 'recommender', 'predictor.py', '"/model/items.json"', '"/model/item.json"', models),

  one('mount-missing', 'mounts-vocabulary', 'predictor.py', '"/mounts/vocab/words.json"', '"/mounts/text/words.json"'),
  one('mount-missing', 'mounts-vocabulary', 'spell.yaml', '  - uploads/text:vocab\n', ''),
  one('mount-missing', 'tabular-pandas', 'predictor.py', '"/model/churn.pkl"', '"/mounts/churn/churn.pkl"'),

  one('local-path', 'iris-sklearn', 'predictor.py', 'joblib.load(MODEL_PATH)', 'joblib.load("/Users/ada/iris.joblib")'),
  one('local-path', 'recommender', 'predictor.py', 'open("/model/items.json", "rt")', 'open("../items.json", "rt")'),
  one('local-path', 'text-classifier', 'predictor.py', 'Path("/model")', 'Path("~/models")'),

  write(
    'model-info-without-model',
    'model-info',
    'spell.yaml',
    serve,
    'self.model_info.version if self.model_info else "none"',
    'predictor.py',
    'self.model_info.version',
  ),
  {
    code: 'model-info-without-model',
    project: 'time-series',
    changes: [{ file: 'predictor.py', from: 'return points', to: 'return {"by": self.model_info.name, "points": points}' }],
  },
  one(
    'model-info-without-model',
    'batched-plain',
    'predictor.py',
    'self.scale = scale',
    'self.scale = scale\n        self.folder = self.model_info.path()',
  ),

  one(
    'missing-dependency',
    'time-series',
    'predictor.py',
    'from datetime import',
    'import holidays\nfrom datetime import',
    environment('numpy'),
  ),
  one('missing-dependency', 'batched-prepare', 'predictor.py', 'import struct\n', 'import struct\nimport soundfile as sf\n', environment()),
  one(
    'missing-dependency',
    'mounts-vocabulary',
    'predictor.py',
    'import os\n',
    'import os\nfrom nltk.corpus import stopwords\n',
    environment('numpy'),
  ),

  one(
    'gpu-not-requested',
    'time-series',
    'predictor.py',
    'self.horizon = horizon',
    'self.horizon = horizon\n        self.model = load().to("cuda")',
  ),
  one('gpu-not-requested', 'whisper-audio', 'predictor.py', 'download_root="/model")', 'download_root="/model", device="cuda")'),
  one('gpu-not-requested', 'batched-plain', 'predictor.py', 'self.scale = scale', 'self.scale = tensor(scale).cuda()'),

  one('config-missing', 'time-series', 'predictor.py', 'horizon=24, step_minutes=60', 'horizon, step_minutes, level'),
  one('config-missing', 'tabular-pandas', 'predictor.py', 'threshold: float = 0.5', 'target: str, threshold: float = 0.5'),
  one('config-missing', 'keyword-only', 'predictor.py', '*, prefix', '*, suffix, prefix'),

  one('exit-in-predictor', 'main-guard', 'predictor.py', 'return {"length"', 'sys.exit(3)\n        return {"length"'),
  one('exit-in-predictor', 'unhealthy', 'predictor.py', 'raise HTTPException(503, detail="too busy")', 'os._exit(1)'),
  one('exit-in-predictor', 'echo', 'predictor.py', 'return payload', 'exit()'),

  one('config-not-mapping', 'time-series', 'config.yaml', 'horizon: 96\nstep_minutes: 30\n', '- horizon\n- 96\n'),
  one('config-not-mapping', 'time-series', 'config.yaml', 'horizon: 96\nstep_minutes: 30\n', 'horizon:96\n'),
  { code: 'config-not-mapping', project: 'tabular-pandas', changes: [{ file: 'settings/churn.json', to: '[0.62]\n' }] },

  one('config-key-unknown', 'time-series', 'config.yaml', 'horizon:', 'horizn:'),
  one('config-key-unknown', 'tabular-pandas', 'settings/churn.json', '"threshold"', '"treshold"'),
  one('config-key-unknown', 'bert-qa', 'predict-config.yaml', 'device: -1', 'device: -1\nbatch: 4'),

  one('config-type', 'time-series', 'config.yaml', 'horizon: 96', 'horizon: "96"'),
  one('config-type', 'tabular-pandas', 'settings/churn.json', '0.62', '"high"'),
  one('config-type', 'tabular-pandas', 'settings/churn.json', '["age", "income", "balance"]', '{"age": 1}'),

  one('key-unknown', 'iris-sklearn', 'spell.yaml', 'max-pods', 'maximum-pods'),
  one('key-unknown', 'bert-qa', 'spell.yaml', 'ram-limit', 'memory-limit'),
  one('key-unknown', 'whisper-audio', 'spell.yaml', 'drain-timeout', 'drain_time'),

  one('key-type', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'min-pods: 1.5'),
  one('key-type', 'whisper-audio', 'spell.yaml', '50Mi', '50MB'),
  one('key-type', 'batched-plain', 'spell.yaml', 'adaptive', 'clever'),
  one('key-type', 'bert-qa', 'spell.yaml', 'target-cpu-utilization: 0.7', 'target-cpu-utilization: 70'),

  one('server-name', 'iris-sklearn', 'spell.yaml', 'server-name: iris', 'server-name: iris!'),
  {
    code: 'server-name',
    project: 'batched-plain',
    changes: [{ file: 'spell.yaml', from: 'server-name: batched', to: 'server-name: batched--plain' }],
  },
  one('server-name', 'recommender', 'spell.yaml', 'server_name: recommender', 'server_name: _recommender'),

  one('pods-range', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'min-pods: 9'),
  one('pods-range', 'bert-qa', 'spell.yaml', 'max-pods: 8', 'max-pods: 1'),
  one('pods-range', 'recommender', 'spell.yaml', 'min_pods: 2', 'min_pods: 2\nmax_pods: 1'),

  one('limit-below-request', 'bert-qa', 'spell.yaml', 'ram-limit: 4Gi', 'ram-limit: 1Gi'),
  one('limit-below-request', 'bert-qa', 'spell.yaml', 'cpu-limit: 4', 'cpu-limit: 1'),
  one('limit-below-request', 'recommender', 'spell.yaml', 'ram-request: 1Gi', 'ram-request: 1Gi\nram-limit: 1000'),

  one('fractional-gpu', 'resnet-torch-batched', 'spell.yaml', 'gpu-limit: 1', 'gpu-limit: 0.5'),
  one('fractional-gpu', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'min-pods: 1\ngpu_limit: 1.5'),
  one('fractional-gpu', 'bert-qa', 'spell.yaml', 'cpu-request: 2', 'cpu-request: 2\ngpu-limit: 0.25'),

  one('target-has-no-effect', 'iris-sklearn', 'spell.yaml', 'max-pods: 4', 'max-pods: 1'),
  one('target-has-no-effect', 'bert-qa', 'spell.yaml', 'max-pods: 8', 'max-pods: 2'),
  one('target-has-no-effect', 'recommender', 'spell.yaml', 'min_pods: 2', 'min_pods: 2\nmax_pods: 2\ntarget_requests_per_second: 10'),

  one('batch-keys-without-batching', 'batched-plain', 'spell.yaml', 'enable-batching: true', 'enable-batching: false'),
  one('batch-keys-without-batching', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'min-pods: 1\nbatch-isolation: "off"'),
  one('batch-keys-without-batching', 'recommender', 'spell.yaml', 'min_pods: 2', 'min_pods: 2\nbatch_policy: fixed'),

  one('pip-req-and-conda', 'tabular-pandas', 'spell.yaml', 'mounts:', 'conda-file: requirements.txt\nmounts:'),
  write(
    'pip-req-and-conda',
    'iris-sklearn',
    'environment.yml',
    'dependencies: [numpy]\n',
    'min-pods: 1',
    'spell.yaml',
    'conda-file: environment.yml\npip_req: environment.yml',
  ),
  write('pip-req-and-conda', 'recommender', 'r.txt', 'numpy\n', 'min_pods: 2', 'spell.yaml', 'pip_req: r.txt\nconda_file: r.txt'),

  one('requirement-invalid', 'iris-sklearn', 'spell.yaml', 'scikit-learn==1.5.2', 'scikit-learn=1.5.2'),
  one('requirement-invalid', 'resnet-torch-batched', 'spell.yaml', '[torch, torchvision, pillow]', '[torch, "torchvision>=", pillow]'),
  one('requirement-invalid', 'two-models', 'spell.yaml', '[onnxruntime]', '["--upgrade onnxruntime"]'),

  one('requirement-file-missing', 'tabular-pandas', 'spell.yaml', 'requirements.txt', 'requirement.txt'),
  one('requirement-file-missing', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'pip-req: requirements.txt'),
  one('requirement-file-missing', 'recommender', 'spell.yaml', 'min_pods: 2', 'conda_file: conf/environment.yml'),

  one('mount-spec', 'mounts-vocabulary', 'spell.yaml', 'uploads/text:vocab', 'uploads/text:vocab:ro'),
  one('mount-spec', 'mounts-vocabulary', 'spell.yaml', 'uploads/config\n', 'config\n'),
  one('mount-spec', 'tabular-pandas', 'spell.yaml', 'uploads/reference', 'uploads/reference:../up'),

  one('env-entry', 'bert-qa', 'spell.yaml', 'REVISION: demo', 'MODEL-REVISION: demo'),
  one('env-entry', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'env:\n  - DEBUG'),
  one('env-entry', 'recommender', 'spell.yaml', 'min_pods: 2', 'env: [2FAST=yes]'),

  one('entrypoint-missing', 'iris-sklearn', 'spell.yaml', 'entrypoint: predictor.py', 'entrypoint: predict.py'),
  one('entrypoint-missing', 'bert-qa', 'spell.yaml', 'entrypoint: serve.py\n', ''),
  one('entrypoint-missing', 'package-layout', 'spell.yaml', 'src/mypkg/serving/predictor.py', 'mypkg/serving/predictor.py'),

  one('classname-missing', 'several-classes', 'spell.yaml', 'LargePredictor', 'HugePredictor'),
  one('classname-missing', 'time-series', 'spell.yaml', 'config: config.yaml', 'config: config.yaml\nclassname: Predictor'),
  {
    code: 'classname-missing',
    project: 'text-classifier',
    changes: [{ file: 'spell.yaml', to: 'entrypoint: predictor.py\nclassname: NaiveBayes\n' }],
  },

  one('config-file-missing', 'time-series', 'spell.yaml', 'config.yaml', 'configs.yaml'),
  one('config-file-missing', 'tabular-pandas', 'spell.yaml', 'settings/churn.json', 'churn.json'),
  one('config-file-missing', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'config: config.json'),

  one('model-unknown', 'iris-sklearn', 'spell.yaml', 'iris:v2', 'irises:v2', models),
  one('model-unknown', 'tabular-pandas', 'spell.yaml', 'churn:v3', 'churns', models),
  one('model-unknown', 'recommender', 'spell.yaml', 'model: items', 'model: [items, users]', models),

  one('model-version-unknown', 'iris-sklearn', 'spell.yaml', 'iris:v2', 'iris:v3', models),
  one('model-version-unknown', 'bert-qa', 'spell.yaml', 'bert_squad:demo', 'bert_squad:prod', models),
  one('model-version-unknown', 'tabular-pandas', 'spell.yaml', 'churn:v3', 'churn:third', models),

  one('node-group-unknown', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'node-group: t5', models),
  one('node-group-unknown', 'resnet-torch-batched', 'spell.yaml', 'gpu-limit: 1', 'gpu-limit: 1\nnode-group: a100', models),
  one('node-group-unknown', 'recommender', 'spell.yaml', 'min_pods: 2', 'node_group: defaults', models),

  one('duplicate-key', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'min-pods: 1\nmin-pods: 2'),
  one('duplicate-key', 'recommender', 'spell.yaml', 'min_pods: 2', 'min_pods: 2\nmin-pods: 3'),
  one(
    'duplicate-key',
    'several-classes',
    'spell.yaml',
    'classname: LargePredictor',
    'classname: LargePredictor\nentrypoint: predictors.py',
  ),

  one('yaml-syntax', 'iris-sklearn', 'spell.yaml', 'server-name: iris', 'server-name: "iris'),
  one('yaml-syntax', 'time-series', 'config.yaml', 'horizon: 96', 'horizon: [96'),
  one('yaml-syntax', 'recommender', 'spell.yaml', '  metric: dot', '\tmetric: dot'),

  one('unused-suppression', 'suppressed', 'predictor.py', 'self.requests += 1', 'print(1)'),
  one('unused-suppression', 'echo', 'predictor.py', 'return payload', 'return payload  # spell: ignore[state-not-shared]'),
  one('unused-suppression', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'min-pods: 1  # spell: ignore[pods-range]'),
];

/** The files of a project after a mutation. Throws when it does not fit. */
export function mutate(files: Readonly<Record<string, string>>, mutation: Mutation): Record<string, string> {
  const result = { ...files };
  for (const { file, from, to } of mutation.changes) {
    const text = result[file];
    if (from === undefined) result[file] = to;
    else {
      if (text === undefined || text.split(from).length !== 2)
        throw new Error(`${mutation.project}/${file} does not have ${JSON.stringify(from)} exactly once`);
      result[file] = text.replace(from, () => to);
    }
  }
  return result;
}
