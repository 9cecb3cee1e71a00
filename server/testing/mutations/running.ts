import { type Mutation, one } from './mutation.ts';

/** What a predictor does while it runs: what blocks, what is loaded, what is kept, how it ends. */
export const running: readonly Mutation[] = [
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
    'ocr-tesseract',
    'ocr/app.py',
    'await __import__("asyncio").to_thread(_write, target, body)',
    '_write(target, body)',
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
    'fraud-rules',
    'predictor.py',
    '        if isinstance(data',
    '        self.model = load()\n        if isinstance(data',
  ),
  one(
    'load-in-predict',
    'notebook-export',
    'predictor.py',
    'y = self.model.predict(x)',
    "with open('/model/wine.pkl', 'rb') as f:\n            m = pickle.load(f)\n        y = m.predict(x)",
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

  one('exit-in-predictor', 'main-guard', 'predictor.py', 'return {"length"', 'sys.exit(3)\n        return {"length"'),
  one('exit-in-predictor', 'unhealthy', 'predictor.py', 'raise HTTPException(503, detail="too busy")', 'os._exit(1)'),
  one('exit-in-predictor', 'echo', 'predictor.py', 'return payload', 'exit()'),
];
